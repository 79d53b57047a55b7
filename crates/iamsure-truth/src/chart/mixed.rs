//! Combinations of the classes of some subjects, by number.

/// Some of the subjects of a model, whose classes are counted through.
pub(super) struct Mixed<'a> {
    /// How many classes each subject of the model has.
    pub(super) arities: &'a [usize],
    /// The subjects that are counted, the last turning fastest.
    pub(super) subjects: &'a [usize],
}

impl Mixed<'_> {
    fn arity(&self, subject: usize) -> usize {
        self.arities.get(subject).copied().unwrap_or(1).max(1)
    }

    /// How many combinations there are.
    pub(super) fn count(&self) -> usize {
        let arities = self.subjects.iter().map(|subject| self.arity(*subject));
        arities.fold(1, usize::saturating_mul)
    }

    /// The combination with this number, in place of those classes of `base`.
    pub(super) fn with(&self, base: &[usize], number: usize) -> Vec<usize> {
        let mut classes = base.to_vec();
        let mut left = number;
        for subject in self.subjects.iter().rev() {
            if let Some(class) = classes.get_mut(*subject) {
                *class = left % self.arity(*subject);
            }
            left /= self.arity(*subject);
        }
        classes
    }
}
