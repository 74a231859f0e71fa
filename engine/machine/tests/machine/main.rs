//! The machine, from outside: plans, events and what comes out.

mod flows;
mod held;
mod loops;
mod replay;
mod requests;
mod retries;
mod support;
mod told;
