//! Changes by lines: what people do when they copy, move and indent.

use crate::Random;

pub(super) fn change(random: &mut Random, text: &str, other: &str) -> String {
    let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
    let piece = random.piece(lines.len());
    match random.below(6) {
        0 => drop(lines.drain(piece)),
        1 => {
            let copy = lines[piece.clone()].to_vec();
            lines.splice(piece.end..piece.end, copy);
        }
        2 => {
            let moved: Vec<String> = lines.drain(piece).collect();
            let to = random.below(lines.len() + 1);
            lines.splice(to..to, moved);
        }
        3 => {
            let more = " ".repeat(1 + random.below(4));
            lines[piece].iter_mut().for_each(|line| line.insert_str(0, &more));
        }
        4 => {
            let less = 1 + random.below(4);
            for line in &mut lines[piece] {
                let blanks = line.len() - line.trim_start_matches(' ').len();
                line.drain(..less.min(blanks));
            }
        }
        _ => {
            let others: Vec<&str> = other.split('\n').collect();
            let from = random.piece(others.len());
            lines.splice(piece.start..piece.start, others[from].iter().map(|line| (*line).to_owned()));
        }
    }
    lines.join("\n")
}
