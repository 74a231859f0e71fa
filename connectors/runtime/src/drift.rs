//! What is not as it was declared, deep inside of a reply: it passes, and is counted (`connectors.md` §4).

use wf_value::{Text, Type, Value};

/// Members that are looked at in one reply: a large one is judged by its beginning.
const LOOKED_AT: usize = 20_000;
/// Members that are told of in words: a vendor that drifts does so in the same member of every row.
const TOLD: usize = 3;

/// What does not fit its type, among the members that are looked at.
#[derive(Debug, Default)]
pub(crate) struct Drift {
    pub(crate) members: usize,
    /// Why the first ones do not fit, each name once: `` `seen`: 'never' is not a timestamp ``.
    first: Vec<(Text, Text)>,
}

impl Drift {
    fn found(&mut self, name: Text, why: &Text) {
        self.members += 1;
        if self.first.len() < TOLD && !self.first.iter().any(|(told, _)| *told == name) {
            self.first.push((name, why.clone()));
        }
    }

    /// The first ones, to be read.
    pub(crate) fn words(&self) -> String {
        let words = self.first.iter().map(|(_, why)| why.as_str()).collect::<Vec<_>>().join("; ");
        if self.members > self.first.len() { format!("{words}; …") } else { words }
    }
}

pub(crate) fn drift(reply: &Value, output: &Type) -> Drift {
    let mut drift = Drift::default();
    // no recursion: replies nest as they like. The last one is next; each with the name of the member that it is, or is an element of
    let mut open = vec![(Text::default(), reply.clone().typed(output))];
    for _ in 0..LOOKED_AT {
        let Some((name, value)) = open.pop() else { return drift };
        let parts: Vec<(Text, Value)> = match value {
            Value::Unknown(unknown) => {
                drift.found(name, &unknown.reason);
                continue;
            }
            Value::List(list) if list.element_type().is_some() => {
                list.iter().take(LOOKED_AT).map(|element| (name.clone(), element)).collect()
            }
            Value::Map(map) => {
                let Some(ty) = map.shape_type() else { continue };
                let fields = ty.fields.iter().map(|field| (field.name.clone(), map.get(&field.name)));
                let others = map.iter().filter(|(key, _)| ty.others.is_some() && ty.field(key).is_none());
                fields.chain(others.map(|(key, value)| (key.clone(), value))).collect()
            }
            _ => continue,
        };
        open.extend(parts.into_iter().rev());
    }
    drift
}

#[cfg(test)]
mod tests {
    use super::*;
    use wf_value::{Field, decode};

    fn row() -> Type {
        let field = |name: &str, ty| Field { name: name.into(), ty, default: None };
        Type::shape("row", vec![field("id", Type::Integer), field("seen", Type::timestamp().optional())])
    }

    fn found(json: &str, ty: &Type) -> usize {
        drift(&decode(json).unwrap_or_default(), ty).members
    }

    #[test]
    fn the_first_members_are_told_with_why() {
        let rows = Type::list(row());
        let told = drift(&decode(r#"[{"id":"x"},{"id":"y"},{"id":1,"seen":"never"}]"#).unwrap_or_default(), &rows);
        assert_eq!(told.words(), "`id`: 'x' is not an integer; `seen`: 'never' is not a timestamp; …");
        let whole = drift(&decode(r#""x""#).unwrap_or_default(), &Type::Integer);
        assert_eq!(whole.words(), "'x' is not an integer");
    }

    #[test]
    fn each_member_that_does_not_fit_is_counted() {
        let rows = Type::list(row());
        assert_eq!(found(r#"[{"id":1},{"id":2,"seen":null,"more":[]}]"#, &rows), 0);
        assert_eq!(found(r#"[{"id":"x"},{},{"id":1,"seen":"never"},5]"#, &rows), 4);
        assert_eq!(found(r#"{"a":{"id":1},"b":{"id":null}}"#, &Type::map(row())), 1);
        assert_eq!(found(r#"[{"id":"x"}]"#, &Type::Any), 0);
    }

    #[test]
    fn of_a_large_reply_the_work_is_bounded() {
        let rows = format!("[{}]", vec![r#"{"id":"x"}"#; 50_000].join(","));
        let found = found(&rows, &Type::list(row()));
        assert!(found > 1_000 && found <= LOOKED_AT, "{found}");
    }
}
