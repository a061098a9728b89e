//! One file for each kind of resource, named as in `src/kind/`.

mod unit;
