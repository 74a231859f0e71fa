//! A picture of what happened in a simulated world: outages, open tickets, and what was written when.

use std::fmt::Write;

use serde_json::Value;

use crate::{
    ledger::Entry,
    time::{HOUR, iso_utc},
    world::World,
};

const WIDTH: f64 = 900.0;
const LEFT: f64 = 44.0;
const RIGHT: f64 = 26.0;
/// Top and height of the two fields.
const LINES: (f64, f64) = (64.0, 170.0);
const BARS: (f64, f64) = (300.0, 170.0);
const HEIGHT: f64 = 500.0;

/// Points of the curve of outages.
const SAMPLES: i64 = 288;

/// What is counted by the hour: name, colour.
const KINDS: [(&str, &str); 4] =
    [("opened", "#c2410c"), ("notes", "#94a3b8"), ("moved to a queue", "#7c3aed"), ("resolved", "#15803d")];

/// SVG of the time from the scenario's start until now.
pub(crate) fn draw(world: &World) -> String {
    let (start, now) = (world.start, world.now().max(world.start + HOUR));
    let outages: Vec<(i64, f64)> = (0..=SAMPLES)
        .map(|n| start + (now - start) * n / SAMPLES)
        .map(|at| (at, world.network.edges.iter().filter(|edge| edge.in_outage(at)).count() as f64))
        .collect();
    let bad: Vec<(i64, f64)> = outages
        .iter()
        .map(|&(at, _)| (at, world.network.edges.iter().filter(|edge| edge.is_degraded(at)).count() as f64))
        .collect();
    let mut open: Vec<(i64, f64)> = world.history().iter().map(|&(at, n)| (at, n as f64)).collect();
    open.extend(open.last().map(|&(_, n)| (now, n)));
    let hours = by_hour(world, start, now);

    let mut svg = String::new();
    let _ = write!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" \
         font-family=\"system-ui, sans-serif\" font-size=\"12\" fill=\"#334155\">\n\
         <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#ffffff\"/>\n"
    );
    let x = |at: i64| LEFT + (at - start) as f64 / (now - start) as f64 * (WIDTH - LEFT - RIGHT);

    let most = outages.iter().chain(&open).chain(&bad).map(|(_, n)| *n).fold(1.0, f64::max);
    let curves =
        [("open tickets", "#2563eb"), ("edges with an outage", "#dc2626"), ("edges with a bad line", "#d97706")];
    legend(&mut svg, 36.0, &curves);
    let y = axis(&mut svg, LINES, most);
    let line = |points: &[(i64, f64)], stepped: bool| {
        let mut path = String::new();
        for (i, &(at, n)) in points.iter().enumerate() {
            let _ = match (i, stepped) {
                (0, _) => write!(path, "M{:.1} {:.1}", x(at), y(n)),
                (_, true) => write!(path, "H{:.1}V{:.1}", x(at), y(n)),
                (_, false) => write!(path, "L{:.1} {:.1}", x(at), y(n)),
            };
        }
        path
    };
    for (path, (_, colour)) in [line(&open, true), line(&outages, false), line(&bad, true)].iter().zip(curves) {
        let _ = writeln!(svg, "<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.6\"/>");
    }

    let most = hours.iter().flatten().copied().fold(1.0, f64::max);
    legend(&mut svg, 280.0, &KINDS);
    let y = axis(&mut svg, BARS, most);
    let bottom = BARS.0 + BARS.1;
    for (n, counts) in hours.iter().enumerate() {
        let from = x(start + n as i64 * HOUR);
        let room = (x(start + HOUR) - x(start)) * 0.8;
        let width = room / KINDS.len() as f64;
        for (i, (count, (_, colour))) in counts.iter().zip(KINDS).enumerate().filter(|(_, (count, _))| **count > 0.0) {
            let (left, top) = (from + room * 0.1 + width * i as f64, y(*count));
            let _ = writeln!(
                svg,
                "<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{:.1}\" fill=\"{colour}\"/>",
                bottom - top
            );
        }
    }
    let hours = (now - start + HOUR - 1) / HOUR;
    let step = (hours / 12).max(1);
    for hour in (0..=hours).step_by(usize::try_from(step).unwrap_or(1)) {
        let at = start + hour * HOUR;
        let time = iso_utc(at);
        let time = time.get(11..16).unwrap_or_default();
        for bottom in [LINES.0 + LINES.1, bottom] {
            let at = x(at.min(now));
            let _ =
                writeln!(svg, "<text x=\"{at:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{time}</text>", bottom + 18.0);
        }
    }
    svg.push_str("</svg>\n");
    svg
}

/// Names with their colours on one line.
fn legend(svg: &mut String, y: f64, names: &[(&str, &str)]) {
    let mut left = LEFT;
    for (name, colour) in names {
        let _ = writeln!(
            svg,
            "<rect x=\"{left:.1}\" y=\"{:.1}\" width=\"10\" height=\"10\" fill=\"{colour}\"/>\
             <text x=\"{:.1}\" y=\"{y:.1}\">{name}</text>",
            y - 9.0,
            left + 15.0
        );
        left += 40.0 + name.len() as f64 * 6.5;
    }
}

/// Draws the horizontal lines of a field; gives the height of a count.
fn axis(svg: &mut String, (top, height): (f64, f64), most: f64) -> impl Fn(f64) -> f64 + use<> {
    let step = [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1_000.0];
    let step = step.into_iter().find(|step| most / step <= 5.0).unwrap_or(most / 5.0);
    let full = (most / step).ceil() * step;
    let y = move |n: f64| top + height - n / full * height;
    let mut n = 0.0;
    while n <= full {
        let at = y(n);
        let _ = writeln!(
            svg,
            "<path d=\"M{LEFT} {at:.1}H{:.1}\" stroke=\"#e2e8f0\"/>\
             <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{n}</text>",
            WIDTH - RIGHT,
            LEFT - 6.0,
            at + 4.0
        );
        n += step;
    }
    y
}

/// Counts of [`KINDS`] for each hour.
fn by_hour(world: &World, start: i64, now: i64) -> Vec<[f64; 4]> {
    let hours = usize::try_from((now - start + HOUR - 1) / HOUR).unwrap_or(0);
    let mut counts = vec![[0.0; 4]; hours];
    let mut count = |at: i64, kind: usize| {
        let hour = usize::try_from((at - start) / HOUR).unwrap_or(usize::MAX);
        if let Some(counts) = counts.get_mut(hour).filter(|_| at >= start) {
            counts[kind] += 1.0;
        }
    };
    {
        let desk = world.desk();
        for ticket in desk.tickets.values() {
            count(ticket.created, 0);
            ticket.notes.iter().for_each(|note| count(note.created, 1));
        }
    }
    for entry in world.ledger.entries().iter().filter(|entry| entry.acted) {
        if let Some(kind) = kind(entry) {
            count(entry.at, kind);
        }
    }
    counts
}

/// Moves and resolutions leave no trace but in the ledger.
fn kind(entry: &Entry) -> Option<usize> {
    let resolves = || entry.body.get("Status").and_then(Value::as_str) == Some("R");
    match entry.path.rsplit('/').next()? {
        "work" => Some(2),
        "status" if resolves() => Some(3),
        _ => None,
    }
}
