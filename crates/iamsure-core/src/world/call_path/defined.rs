//! Paths that a file defines: a built-in path with other key states.

use super::{CallPath, PathKind, World};
use crate::world::evidence::FixedKey;

impl CallPath {
    /// The same path, of which `keys` say more.
    #[must_use]
    pub fn with_keys(&self, keys: &[FixedKey]) -> Self {
        Self::defined(self.name.clone(), self, keys)
    }

    /// The path `name`, which is like `base` but for `keys`. Worlds that no longer differ are one.
    #[must_use]
    pub fn defined(name: impl Into<String>, base: &Self, keys: &[FixedKey]) -> Self {
        let mut worlds: Vec<World> = Vec::new();
        for world in &base.worlds {
            let world = world.clone().with(keys.iter().cloned());
            if !worlds.contains(&world) {
                worlds.push(world);
            }
        }
        let kind = match base.kind {
            PathKind::Exchange(operation) => PathKind::Exchange(operation),
            _ => PathKind::Defined,
        };
        Self { name: name.into(), kind, worlds, ..base.clone() }
    }
}
