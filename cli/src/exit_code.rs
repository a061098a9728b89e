//! Every exit code there is, and which one wins when a run has several things to say.
//!
//! Scripts and pipelines read these; a number never changes its meaning.

/// How a run ended, for whoever started it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ExitCode {
    /// 0: nothing to do, or everything done.
    Done,
    /// 1: something was tried and failed: a call, a file, a change.
    Failed,
    /// 2: there are changes (`plan --detailed-exitcode`) or there is drift (`drift`).
    Changes,
    /// 3: the input is wrong: the command line, the manifest, a plan file. Nothing was tried.
    Invalid,
    /// 4: a safety check refused: the wrong organization, a closed gate, another run at work.
    Refused,
    /// 5: something could not be checked, and there is nothing worse to tell.
    Incomplete,
}

impl ExitCode {
    /// Every code, the one that wins first. Invalid input never competes: nothing else was tried then.
    const BY_WEIGHT: [Self; 6] =
        [Self::Invalid, Self::Refused, Self::Failed, Self::Incomplete, Self::Changes, Self::Done];

    /// The code of a run that has all of these to say.
    pub(crate) fn heaviest(codes: impl IntoIterator<Item = Self>) -> Self {
        let codes: Vec<Self> = codes.into_iter().collect();
        Self::BY_WEIGHT.into_iter().find(|code| codes.contains(code)).unwrap_or(Self::Done)
    }

    /// The number.
    pub(crate) fn number(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Changes => 2,
            Self::Invalid => 3,
            Self::Refused => 4,
            Self::Incomplete => 5,
        }
    }
}

impl From<ExitCode> for std::process::ExitCode {
    fn from(code: ExitCode) -> Self {
        Self::from(code.number())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_outweighs_a_failure_and_an_unchecked_part_outweighs_drift() {
        let heaviest = |codes: &[ExitCode]| ExitCode::heaviest(codes.iter().copied()).number();
        assert_eq!(heaviest(&[]), 0);
        assert_eq!(heaviest(&[ExitCode::Failed, ExitCode::Refused]), 4);
        assert_eq!(heaviest(&[ExitCode::Incomplete, ExitCode::Failed]), 1);
        assert_eq!(heaviest(&[ExitCode::Changes, ExitCode::Incomplete]), 5);
        assert_eq!(heaviest(&[ExitCode::Done, ExitCode::Changes]), 2);
    }
}
