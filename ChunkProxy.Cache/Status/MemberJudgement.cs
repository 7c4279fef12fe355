using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Status;

/// <summary>Judges the state of a member. The status page and the command only show the result.</summary>
internal static class MemberJudgement
{
    /// <summary>Returns the verdict and its words for the operator.</summary>
    /// <param name="member">The member, with the values that it reports.</param>
    /// <param name="epoch">Epoch of the membership that this process uses.</param>
    public static (MemberVerdict Verdict, string Text) Of(MemberStatus member, string epoch) => member switch
    {
        { Failure: PeerReadOutcome.Disagrees } => (MemberVerdict.OtherSettings, "has other settings (chunk size, origin, cache key or version of the pool protocol); bypassed"),
        { State: MemberState.Avoided } => (MemberVerdict.Avoided, $"does not answer ({NameWords.Of(member.Failure ?? PeerReadOutcome.Failed)}); bypassed"),
        { State: MemberState.Silent } => (MemberVerdict.Silent, "does not answer"),
        { State: MemberState.Draining } => (MemberVerdict.Draining, "draining: handing over its hottest chunks"),
        { State: MemberState.Drained } => (MemberVerdict.Drained, "drained: owns no chunks, answers until it stops"),
        { OriginProblem: { } problem } => (MemberVerdict.OriginUnavailable, $"origin {problem}"),
        { DiskProblem: { } problem } => (MemberVerdict.DiskUnavailable, $"disk unavailable: {problem}"),
        { SuperHotProblem: { } problem } => (MemberVerdict.SuperHotUnavailable, $"Redis unavailable: {problem}"),
        { Epoch: { } other } when other != epoch => (MemberVerdict.OtherMembership, "sees another membership"),
        _ => (MemberVerdict.Healthy, "healthy"),
    };
}
