//! What a piece of work costs this process: time, processor, memory.

use std::hint::black_box;
use std::time::Instant;

use bytes::Bytes;
use rustix::time::{ClockId, clock_gettime};
use wf_value::{Decoder, Value};

/// Milliseconds of the wall clock, and of the processor over all threads.
#[derive(Clone, Copy, Default)]
pub(crate) struct Cost {
    pub(crate) wall: f64,
    pub(crate) cpu: f64,
}

pub(crate) struct Meter {
    begun: Instant,
    cpu: f64,
}

impl Meter {
    pub(crate) fn start() -> Self {
        Self { begun: Instant::now(), cpu: cpu() }
    }

    pub(crate) fn read(&self) -> Cost {
        Cost { wall: self.begun.elapsed().as_secs_f64() * 1e3, cpu: cpu() - self.cpu }
    }
}

fn cpu() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 * 1e3 + time.tv_nsec as f64 / 1e6
}

/// Forgets the highest memory seen so far.
pub(crate) fn reset_peak() {
    std::fs::write("/proc/self/clear_refs", "5").expect("this benchmark needs Linux");
}

/// Resident MiB: the highest since [`reset_peak`], and now.
pub(crate) fn memory() -> (f64, f64) {
    let status = std::fs::read_to_string("/proc/self/status").expect("this benchmark needs Linux");
    let of = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|rest| rest.split_whitespace().next()?.parse::<f64>().ok()).map_or(0.0, |kib| kib / 1024.0)
    };
    (of("VmHWM:"), of("VmRSS:"))
}

pub(crate) fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

pub(crate) fn least(values: impl IntoIterator<Item = f64>) -> f64 {
    values.into_iter().fold(f64::INFINITY, f64::min)
}

/// The floor: everything that these bytes write is made, also what the decoder would leave until somebody asks for it.
pub(crate) fn all_of(decoder: &mut Decoder, bytes: &Bytes) -> Option<Value> {
    let value = decoder.decode(bytes).ok()?;
    make(&value);
    Some(value)
}

fn make(value: &Value) {
    match value {
        Value::List(list) => list.raw().iter().for_each(make),
        Value::Map(map) => map.raw_values().iter().for_each(make),
        _ => {}
    }
}

/// What decoding these answers costs, one after the other, each dropped before the next; as the engine does it, with a decoder for each
/// kind of answer.
pub(crate) fn decoding<D, T>(
    given: &[Vec<Bytes>],
    new: impl Fn() -> D,
    decode: impl Fn(&mut D, &Bytes) -> Option<T>,
) -> Cost {
    let meter = Meter::start();
    for alike in given {
        let mut decoder = new();
        for bytes in alike {
            assert!(black_box(decode(&mut decoder, bytes)).is_some());
        }
    }
    meter.read()
}
