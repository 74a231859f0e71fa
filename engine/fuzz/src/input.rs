//! An input: named parts, so that a whole tree of files or an expression with its values is one.

/// What a target is given. As bytes: a line `=== NAME` before each part, a line end behind it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Input {
    pub parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub name: String,
    pub bytes: Vec<u8>,
}

const MARK: &[u8] = b"=== ";

impl Input {
    #[must_use]
    pub fn of<N: Into<String>, B: Into<Vec<u8>>>(parts: impl IntoIterator<Item = (N, B)>) -> Self {
        let part = |(name, bytes): (N, B)| Part { name: name.into(), bytes: bytes.into() };
        Self { parts: parts.into_iter().map(part).collect() }
    }

    /// The part of that name, empty where there is none.
    #[must_use]
    pub fn bytes(&self, name: &str) -> &[u8] {
        self.parts.iter().find(|part| part.name == name).map_or(&[], |part| &part.bytes)
    }

    /// The same as text; what is no UTF-8 is refused before anything reads it, so it is made one here.
    #[must_use]
    pub fn text(&self, name: &str) -> String {
        String::from_utf8_lossy(self.bytes(name)).into_owned()
    }

    #[must_use]
    pub fn size(&self) -> usize {
        self.parts.iter().map(|part| part.bytes.len()).sum()
    }

    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.size() + 64);
        for part in &self.parts {
            for bytes in [MARK, part.name.as_bytes(), b"\n", &part.bytes, b"\n"] {
                out.extend_from_slice(bytes);
            }
        }
        out
    }

    /// What [`Input::write`] wrote.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Self {
        let mut parts: Vec<Part> = vec![];
        for line in bytes.split_inclusive(|b| *b == b'\n') {
            match (line.strip_prefix(MARK), parts.last_mut()) {
                (Some(name), _) => {
                    let name = String::from_utf8_lossy(name).trim_end().to_owned();
                    parts.push(Part { name, bytes: vec![] });
                }
                (None, Some(part)) => part.bytes.extend_from_slice(line),
                (None, None) => {}
            }
        }
        for part in &mut parts {
            if part.bytes.last() == Some(&b'\n') {
                part.bytes.pop();
            }
        }
        Self { parts }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let input = Input::of([("a.yaml", "x: 1\n"), ("values", ""), ("b", "no end")]);
        assert_eq!(Input::read(&input.write()), input);
        assert_eq!(input.text("b"), "no end");
        assert_eq!(input.text("c"), "");
    }
}
