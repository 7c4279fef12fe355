using System.Text.Json.Serialization;
using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Status;

/// <summary>A member, as this process sees it. What the member says of itself is null if it was not asked or did not answer.</summary>
/// <param name="Id">Its pool address; <c>this process</c> for one that stands alone.</param>
/// <param name="Name">Its display name; empty if it has none.</param>
/// <param name="IsSelf">It is this process.</param>
/// <param name="Role">Cache service or node.</param>
/// <param name="Version">The build that it runs.</param>
/// <param name="Weight">Its capacity relative to the others.</param>
/// <param name="Share">Its part of the chunks, 0 to 1.</param>
/// <param name="State">How it looks from here.</param>
/// <param name="Failure">What opened its breaker; null while that is closed.</param>
/// <param name="Epoch">The membership that it goes by.</param>
internal sealed record MemberStatus(
    string Id,
    string Name,
    bool IsSelf,
    MemberRole Role,
    string Version,
    double Weight,
    double Share,
    MemberState State,
    PeerReadOutcome? Failure,
    string? Epoch = null,
    DateTimeOffset? StartedAt = null,
    TierFigures? Memory = null,
    TierFigures? Disk = null,
    string? DiskProblem = null,
    string? SuperHotProblem = null,
    int? FillsUnderWay = null,
    long? OriginBytes = null)
{
    /// <summary>Its name with the address beside it, or the address alone.</summary>
    [JsonIgnore]
    public string Label => Name.Length == 0 ? Id : $"{Name} ({Id})";

    /// <summary>The same, with what the member says of itself.</summary>
    public MemberStatus With(ProcessFigures figures) => this with
    {
        Epoch = figures.Epoch,
        StartedAt = figures.StartedAt,
        Memory = figures.Memory,
        Disk = figures.Disk,
        DiskProblem = figures.DiskProblem,
        SuperHotProblem = figures.SuperHotProblem,
        FillsUnderWay = figures.FillsUnderWay,
        OriginBytes = figures.OriginBytes,
    };
}
