//! Bytes for `glidepath_iam::fuzz::evaluate`; a broken law ends the run like a panic.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Err(broken) = glidepath_iam::fuzz::evaluate(bytes) {
        panic!("{broken}");
    }
});
