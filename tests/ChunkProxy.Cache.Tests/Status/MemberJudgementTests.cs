using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Status;

namespace ChunkProxy.Cache.Tests.Status;

public sealed class MemberJudgementTests
{
    private const string Origin = "http://origin.example/ unavailable since 2026-11-30 12:00:00Z";
    private const string Disk = "input/output error";
    private const string Redis = "no connection";

    // In the order of precedence. Each member also has the problems of the rows that follow, so that the order counts.
    [Theory]
    [InlineData(nameof(MemberState.Avoided), nameof(PeerReadOutcome.Disagrees), 4, nameof(MemberVerdict.OtherSettings), "has other settings (chunk size, origin, cache key or version of the pool protocol); bypassed")]
    [InlineData(nameof(MemberState.Avoided), nameof(PeerReadOutcome.NotCached), 4, nameof(MemberVerdict.Avoided), "does not answer (not cached); bypassed")]
    [InlineData(nameof(MemberState.Avoided), nameof(PeerReadOutcome.Stalled), 4, nameof(MemberVerdict.Avoided), "does not answer (stalled); bypassed")]
    [InlineData(nameof(MemberState.Avoided), null, 4, nameof(MemberVerdict.Avoided), "does not answer (failed); bypassed")]
    [InlineData(nameof(MemberState.Silent), null, 4, nameof(MemberVerdict.Silent), "does not answer")]
    [InlineData(nameof(MemberState.Draining), null, 4, nameof(MemberVerdict.Draining), "draining: handing over its hottest chunks")]
    [InlineData(nameof(MemberState.Drained), null, 4, nameof(MemberVerdict.Drained), "drained: owns no chunks, answers until it stops")]
    [InlineData(nameof(MemberState.Answers), null, 4, nameof(MemberVerdict.OriginUnavailable), $"origin {Origin}")]
    [InlineData(nameof(MemberState.Answers), null, 3, nameof(MemberVerdict.DiskUnavailable), $"disk unavailable: {Disk}")]
    [InlineData(nameof(MemberState.Answers), null, 2, nameof(MemberVerdict.SuperHotUnavailable), $"Redis unavailable: {Redis}")]
    [InlineData(nameof(MemberState.Answers), null, 1, nameof(MemberVerdict.OtherMembership), "sees another membership")]
    [InlineData(nameof(MemberState.Answers), null, 0, nameof(MemberVerdict.Healthy), "healthy")]
    [InlineData(nameof(MemberState.Unasked), null, 0, nameof(MemberVerdict.Healthy), "healthy")]
    public void Judged_MemberInAState_HasTheVerdictThatComesFirst(string state, string? failure, int problems, string verdict, string text)
    {
        var member = new MemberStatus(
            "10.0.0.1:7070", Name: "", IsSelf: false, MemberRole.Node, "0.2.0", Weight: 1, Share: 1, Enum.Parse<MemberState>(state), failure is null ? null : Enum.Parse<PeerReadOutcome>(failure))
        {
            Epoch = problems > 0 ? "other" : "own",
            SuperHotProblem = problems > 1 ? Redis : null,
            DiskProblem = problems > 2 ? Disk : null,
            OriginProblem = problems > 3 ? Origin : null,
        };

        var judged = member.Judged("own");

        Assert.Equal((verdict, text), (judged.Verdict.ToString(), judged.VerdictText));
    }

    [Fact]
    public void Judged_MemberThatReportsNoEpoch_IsHealthy()
    {
        var member = new MemberStatus("10.0.0.1:7070", Name: "", IsSelf: false, MemberRole.Node, "0.2.0", Weight: 1, Share: 1, MemberState.Unasked, Failure: null);

        Assert.Equal(MemberVerdict.Healthy, member.Judged("own").Verdict);
    }
}
