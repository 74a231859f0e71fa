//! Turns inside this process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use wf_host::ports::{Share, Turn, TurnError, Turns};

#[derive(Clone, Debug, Default)]
pub struct MemoryTurns {
    taken: Arc<Mutex<HashMap<String, Taken>>>,
}

#[derive(Debug)]
struct Taken {
    share: Share,
    /// How many have it; more than one only together.
    by: usize,
    who: String,
}

impl MemoryTurns {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Taken>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turns for MemoryTurns {
    fn take(&self, what: &str, share: Share, who: &str) -> Result<Turn, TurnError> {
        match self.lock().entry(what.to_owned()) {
            std::collections::hash_map::Entry::Vacant(free) => {
                free.insert(Taken { share, by: 1, who: who.to_owned() });
            }
            std::collections::hash_map::Entry::Occupied(mut taken) => {
                let taken = taken.get_mut();
                if (taken.share, share) != (Share::Together, Share::Together) {
                    return Err(TurnError::Taken(taken.who.clone()));
                }
                taken.by += 1;
            }
        }
        Ok(Turn::new(Kept { turns: self.clone(), what: what.to_owned() }))
    }
}

struct Kept {
    turns: MemoryTurns,
    what: String,
}

impl Drop for Kept {
    fn drop(&mut self) {
        let mut turns = self.turns.lock();
        let Some(taken) = turns.get_mut(&self.what) else { return };
        taken.by -= 1;
        if taken.by == 0 {
            turns.remove(&self.what);
        }
    }
}
