//! Simulated time.

use glidepath_aws::{Clock, Speed};
use std::sync::{Arc, Mutex};
use std::time::Duration;

fn jumping() -> Clock {
    Clock::simulated("2027-01-01T00:00:00Z".parse().unwrap(), Speed::Max)
}

#[test]
fn time_jumps_to_the_next_timer_when_every_task_waits() {
    let clock = jumping();
    let (start, seen) = (clock.now(), Arc::new(Mutex::new(Vec::new())));
    clock
        .run(async {
            let tasks: Vec<_> = [3600, 60, 86_400]
                .map(|seconds| {
                    let (clock, seen) = (clock.clone(), seen.clone());
                    tokio::spawn(async move {
                        clock.sleep(Duration::from_secs(seconds)).await;
                        seen.lock().unwrap().push(clock.since(start).as_secs());
                    })
                })
                .into();
            for task in tasks {
                task.await.unwrap();
            }
        })
        .unwrap();
    assert_eq!(*seen.lock().unwrap(), [60, 3600, 86_400]);
}

#[test]
fn time_stands_still_while_a_task_or_the_main_future_can_go_on() {
    let clock = jumping();
    let start = clock.now();
    let elapsed = clock
        .run(async {
            let sleeper = tokio::spawn({
                let clock = clock.clone();
                async move { clock.sleep(Duration::from_secs(10)).await }
            });
            let busy = tokio::spawn(async {
                for _ in 0..1000 {
                    tokio::task::yield_now().await;
                }
            });
            busy.await.unwrap();
            // The end of `busy` woke this future and left no other task ready.
            let elapsed = clock.since(start);
            sleeper.await.unwrap();
            (elapsed, clock.since(start))
        })
        .unwrap();
    assert_eq!(elapsed, (Duration::ZERO, Duration::from_secs(10)));
}

#[test]
fn a_dropped_wait_does_not_hold_a_timer() {
    let clock = jumping();
    let start = clock.now();
    clock
        .run(async {
            drop(clock.sleep(Duration::from_secs(5)));
            let short = clock.sleep(Duration::from_secs(20));
            let raced = async {
                let long = clock.sleep(Duration::from_secs(90));
                tokio::select! { biased; () = short => (), () = long => () }
            };
            raced.await;
            clock.sleep(Duration::from_secs(100)).await;
        })
        .unwrap();
    assert_eq!(clock.since(start), Duration::from_secs(120));
}

#[test]
fn a_wait_that_nobody_drives_moves_the_time_on_itself() {
    let clock = jumping();
    let start = clock.now();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(clock.sleep(Duration::from_secs(7)));
    assert_eq!(clock.since(start), Duration::from_secs(7));
}

#[test]
fn scaled_time_runs_as_many_times_faster_as_asked() {
    let clock = Clock::simulated("2027-01-01T00:00:00Z".parse().unwrap(), Speed::Times(100_000.0));
    let start = clock.now();
    clock.run(clock.sleep(Duration::from_secs(3600))).unwrap();
    let elapsed = clock.since(start);
    assert!(elapsed >= Duration::from_secs(3600), "{elapsed:?}");
}
