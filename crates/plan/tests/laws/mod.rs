//! Laws: what holds for every manifest and every world.

mod any;
mod guarded;
mod people;
mod resumed;
mod settled;
