using System.Text.Json.Serialization;
using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Tiers.Disk;

namespace ChunkProxy.Cache.Status;

/// <summary>A member as seen by this process. Values that the member reports itself are null if it was not asked or did not respond.</summary>
/// <param name="Id">Pool address, or <c>this process</c> for a stand-alone process.</param>
/// <param name="Name">Display name, possibly empty.</param>
/// <param name="IsSelf">Whether the member is this process.</param>
/// <param name="Role">Cache service or node.</param>
/// <param name="Version">Version of its build.</param>
/// <param name="Weight">Capacity relative to other members.</param>
/// <param name="Share">Fraction of the chunks that it owns, 0 to 1.</param>
/// <param name="State">State as seen by this process.</param>
/// <param name="Failure">Failure that opened its breaker, or null while the breaker is closed.</param>
/// <param name="Epoch">Epoch of the membership that the member uses.</param>
/// <param name="Disks">The directories of its disk tier if it has several, else null.</param>
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
    string? OriginProblem = null,
    int? FillsUnderWay = null,
    long? OriginBytes = null,
    IReadOnlyList<DiskDirectoryState>? Disks = null)
{
    /// <summary>Gets what an operator needs to know of the member first, as this process judges it.</summary>
    public MemberVerdict Verdict { get; init; }

    /// <summary>Gets the verdict in words, with the reason.</summary>
    public string VerdictText { get; init; } = "";

    /// <summary>Display name and address, or the address alone.</summary>
    [JsonIgnore]
    public string Label => Name.Length == 0 ? Id : $"{Name} ({Id})";

    /// <summary>Returns a copy with the values that the member reports.</summary>
    public MemberStatus With(ProcessFigures figures) => this with
    {
        Epoch = figures.Epoch,
        StartedAt = figures.StartedAt,
        Memory = figures.Memory,
        Disk = figures.Disk,
        DiskProblem = figures.DiskProblem,
        SuperHotProblem = figures.SuperHotProblem,
        OriginProblem = figures.OriginProblem,
        FillsUnderWay = figures.FillsUnderWay,
        OriginBytes = figures.OriginBytes,
        Disks = figures.Disks,
    };

    /// <summary>Returns a copy with the verdict of a process that uses the membership <paramref name="epoch"/>.</summary>
    public MemberStatus Judged(string epoch)
    {
        var (verdict, text) = MemberJudgement.Of(this, epoch);
        return this with { Verdict = verdict, VerdictText = text };
    }
}
