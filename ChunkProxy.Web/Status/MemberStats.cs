namespace ChunkProxy.Web.Status;

/// <summary>One member. What it says of itself is null if it was not asked or did not answer.</summary>
/// <param name="Id">Its pool address; <c>this process</c> for one that stands alone.</param>
/// <param name="Name">What people call it; empty if it has no name.</param>
/// <param name="Role">Cache service or node.</param>
/// <param name="Share">Its part of the chunks, 0 to 1.</param>
/// <param name="State">How it looks from here.</param>
/// <param name="Failure">What opened its breaker, else null.</param>
/// <param name="Epoch">The membership that it goes by.</param>
internal sealed record MemberStats(
    string Id,
    string Name,
    bool IsSelf,
    string Role,
    string Version,
    double Weight,
    double Share,
    string State,
    string? Failure,
    string? Epoch,
    DateTimeOffset? StartedAt,
    SpaceStats? Memory,
    SpaceStats? Disk,
    string? DiskProblem,
    string? SuperHotProblem,
    int? FillsUnderWay,
    long? OriginBytes);
