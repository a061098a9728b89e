//! Three-valued logic: what is not known stays *unknown* until something makes it irrelevant.

/// Whether something holds, as far as can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    /// It does not hold, whatever the unknown is.
    False,
    /// It depends on what is not known.
    Unknown,
    /// It holds, whatever the unknown is.
    True,
}

impl Truth {
    /// Both hold.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.min(other)
    }

    /// At least one holds.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.max(other)
    }

    /// It does not hold.
    #[must_use]
    #[expect(
        clippy::should_implement_trait,
        reason = "`truth.not()` reads better than `!truth` beside `and` and `or`"
    )]
    pub fn not(self) -> Self {
        match self {
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
            Self::True => Self::False,
        }
    }

    /// Whether any of them holds; false for none.
    pub fn any(all: impl IntoIterator<Item = Self>) -> Self {
        let mut found = Self::False;
        for truth in all {
            if truth == Self::True {
                return Self::True;
            }
            found = found.or(truth);
        }
        found
    }

    /// Whether all of them hold; true for none.
    pub fn all(all: impl IntoIterator<Item = Self>) -> Self {
        let mut found = Self::True;
        for truth in all {
            if truth == Self::False {
                return Self::False;
            }
            found = found.and(truth);
        }
        found
    }
}

impl From<bool> for Truth {
    fn from(known: bool) -> Self {
        if known { Self::True } else { Self::False }
    }
}

#[cfg(test)]
mod tests {
    use super::Truth::{self, False, True, Unknown};

    #[test]
    fn the_unknown_matters_only_where_it_decides() {
        assert_eq!(Unknown.and(False), False);
        assert_eq!(Unknown.and(True), Unknown);
        assert_eq!(Unknown.or(True), True);
        assert_eq!(Unknown.or(False), Unknown);
        assert_eq!(Unknown.not(), Unknown);
        assert_eq!(Truth::any([False, Unknown, True]), True);
        assert_eq!(Truth::all([True, Unknown, False]), False);
        assert_eq!((Truth::any([]), Truth::all([])), (False, True));
    }
}
