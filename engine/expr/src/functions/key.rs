//! Values as keys: finding equal ones without comparing each with each.

use std::fmt::Write;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHasher};
use wf_value::{Unknown, Value};

/// Distinct values, numbered in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct Places {
    keys: Vec<Value>,
    /// For each key the one before with the same hash.
    before: Vec<Option<usize>>,
    last: FxHashMap<u64, usize>,
}

impl Places {
    /// The number of a value, which is new when it equals none before.
    ///
    /// # Errors
    /// When something in it is unknown, so that nobody can say what it equals.
    pub(super) fn place(&mut self, key: &Value) -> Result<usize, Arc<Unknown>> {
        let hash = hash_of(key)?;
        let last = self.last.get(&hash).copied();
        let mut place = last;
        while let Some(i) = place {
            if self.keys[i].equals(key) == Some(true) {
                return Ok(i);
            }
            place = self.before[i];
        }
        let new = self.keys.len();
        self.keys.push(key.clone());
        self.before.push(last);
        self.last.insert(hash, new);
        Ok(new)
    }

    /// The number of a value that came before.
    pub(super) fn find(&self, key: &Value) -> Result<Option<usize>, Arc<Unknown>> {
        let mut place = self.last.get(&hash_of(key)?).copied();
        while let Some(i) = place {
            if self.keys[i].equals(key) == Some(true) {
                return Ok(Some(i));
            }
            place = self.before[i];
        }
        Ok(None)
    }

    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    pub(super) fn into_keys(self) -> Vec<Value> {
        self.keys
    }
}

/// A number that equal values share: whole numbers, ids and texts of the same digits too, since an id equals both.
fn hash_of(value: &Value) -> Result<u64, Arc<Unknown>> {
    let mut hasher = FxHasher::default();
    hash(value, &mut hasher)?;
    Ok(hasher.finish())
}

fn hash(value: &Value, hasher: &mut FxHasher) -> Result<(), Arc<Unknown>> {
    match value {
        Value::Null => 0_u8.hash(hasher),
        Value::Bool(b) => b.hash(hasher),
        Value::Text(text) => text.hash(hasher),
        Value::Id(id) => id.to_text().hash(hasher),
        Value::Int(n) => digits(*n, hasher),
        Value::Float(f) => match value.as_int() {
            Some(n) => digits(n, hasher),
            None => f.to_bits().hash(hasher),
        },
        Value::Big(text) => text.hash(hasher),
        Value::Time(time) => time.at.hash(hasher),
        Value::Duration(duration) => duration.hash(hasher),
        Value::Bytes(bytes) => bytes.hash(hasher),
        Value::List(list) => {
            if let Some(reason) = list.partial_reason() {
                return Err(reason.into());
            }
            list.len().hash(hasher);
            list.iter().try_for_each(|element| hash(&element, hasher))?;
        }
        Value::Map(map) => {
            // equal whatever the order of keys
            let mut sum = 0_u64;
            for (key, value) in map.iter() {
                let mut one = FxHasher::default();
                key.hash(&mut one);
                hash(&value, &mut one)?;
                sum = sum.wrapping_add(one.finish());
            }
            sum.hash(hasher);
        }
        Value::Secret(secret) => hash(secret.expose(), hasher)?,
        Value::Unknown(reason) => return Err(reason.clone()),
    }
    Ok(())
}

/// As the text of the digits hashes.
fn digits(n: i64, hasher: &mut FxHasher) {
    struct Digits([u8; 20], usize);
    impl Write for Digits {
        fn write_str(&mut self, text: &str) -> std::fmt::Result {
            let end = self.1 + text.len();
            self.0.get_mut(self.1..end).ok_or(std::fmt::Error)?.copy_from_slice(text.as_bytes());
            self.1 = end;
            Ok(())
        }
    }
    let mut digits = Digits([0; 20], 0);
    // the longest, i64::MIN, has 20 characters
    let _ = write!(digits, "{n}");
    std::str::from_utf8(&digits.0[..digits.1]).unwrap_or_default().hash(hasher);
}

#[cfg(test)]
mod tests {
    use super::*;
    use wf_value::Id;

    #[test]
    fn an_id_is_found_whichever_way_it_was_written() {
        let mut places = Places::default();
        assert_eq!(places.place(&Value::Id(Id::Number(-77))), Ok(0));
        assert_eq!(places.place(&Value::Id(Id::Text("-77".into()))), Ok(0));
        assert_eq!(places.place(&Value::Int(i64::MIN)), Ok(1));
        assert_eq!(places.place(&Value::Int(-77)), Ok(0));
        assert_eq!(places.place(&Value::text("0077")), Ok(2));
    }
}
