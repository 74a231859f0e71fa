//! Pools: one cap that several loops share.

use std::collections::VecDeque;

use wf_value::{Unknown, UnknownKind};

use crate::frames::{Doing, FrameId, Role};
use crate::held::Held;
use crate::loops::at_least_one;
use crate::scope::At;
use crate::turn::Turn;

#[derive(Debug)]
pub(crate) struct PoolState {
    size: u32,
    used: u32,
    /// Loops that would begin an item, in the order in which they asked.
    waiting: VecDeque<FrameId>,
}

impl Turn<'_, '_> {
    /// Places of a pool; evaluated when it is first used.
    pub(crate) fn pool_size(&mut self, pool: u32) -> Result<u32, Held> {
        if let Some(state) = self.run.pools.get(&pool) {
            return Ok(state.size);
        }
        let unit = self.unit.clone();
        let Some(declared) = unit.module().pools.get(pool as usize) else {
            return Err(Unknown::new(UnknownKind::Limit, format!("pool {pool} is not there")).into());
        };
        let address = wf_plan::Address::default();
        let value = self.value(At { front: None, frame: None, address: &address }, &declared.size);
        let size = at_least_one(value, &declared.name)?;
        self.run.pools.insert(pool, PoolState { size, used: 0, waiting: VecDeque::new() });
        Ok(size)
    }

    /// Takes a place for an item of the loop that `around` does, or lets it wait for one.
    pub(crate) fn take_place(&mut self, pool: u32, around: FrameId) -> bool {
        let Some(state) = self.run.pools.get_mut(&pool) else { return true };
        if state.used < state.size {
            state.used += 1;
            return true;
        }
        if !state.waiting.contains(&around) {
            state.waiting.push_back(around);
        }
        false
    }

    pub(crate) fn give_place_back(&mut self, pool: u32) {
        let Some(state) = self.run.pools.get_mut(&pool) else { return };
        state.used = state.used.saturating_sub(1);
        // all of them: the first one may have nothing left to begin. Who finds no place waits again, in the same order
        for waiting in std::mem::take(&mut state.waiting) {
            self.ready(waiting);
        }
    }

    /// Whether the frame is inside of an item that holds a place of the pool.
    pub(crate) fn is_inside_pool(&self, id: FrameId, pool: u32) -> bool {
        let mut at = Some(id);
        while let Some(frame) = at.and_then(|id| self.frame(id)) {
            if let Role::Item { around, .. } = frame.role
                && let Some(Doing::Loop(looping)) = self.frame(around).map(|frame| &frame.doing)
                && looping.pool == Some(pool)
            {
                return true;
            }
            at = frame.role.parent();
        }
        false
    }
}
