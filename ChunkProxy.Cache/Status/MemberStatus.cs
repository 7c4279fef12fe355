using ChunkProxy.Cache.Draining;
using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Status;

/// <summary>A member, as this process sees it.</summary>
/// <param name="Member">Who it is.</param>
/// <param name="IsSelf">It is this process.</param>
/// <param name="Share">Its part of the chunks, 0 to 1.</param>
/// <param name="State">How it looks from here.</param>
/// <param name="Failure">What opened its breaker; null while that is closed.</param>
/// <param name="Figures">What it says of itself; null if it was not asked or did not answer, or is this process.</param>
/// <param name="IsDrained">It has given up ownership.</param>
internal sealed record MemberStatus(
    Member Member, bool IsSelf, double Share, MemberState State, PeerReadOutcome? Failure, ProcessFigures? Figures, bool IsDrained = false)
{
    /// <summary>The same, after it answered.</summary>
    public MemberStatus Answered(ProcessFigures figures) => Answering(figures.Drain) with { Figures = figures };

    /// <summary>The same, known to answer.</summary>
    public MemberStatus Answering(DrainState drain) =>
        this with { State = !IsDrained ? MemberState.Answers : drain is DrainState.Draining ? MemberState.Draining : MemberState.Drained };
}
