using ChunkProxy.Cache.Membership;
using ChunkProxy.Cache.Telemetry;

namespace ChunkProxy.Cache.Status;

/// <summary>The cluster, as this process sees it. A process that stands alone is its own only member.</summary>
/// <param name="Self">This process as a member; null for one that owns nothing.</param>
/// <param name="Epoch">The membership that it goes by.</param>
/// <param name="Coordination">How it stands with etcd.</param>
/// <param name="IsRegistered">It is known there as a member.</param>
/// <param name="Problem">What an operator should look at, else null.</param>
/// <param name="Totals">Of all members and of this process, since it started.</param>
/// <param name="Members">By id.</param>
/// <param name="Fills">Some of the retrievals under way at the members.</param>
/// <param name="Objects">Objects with most chunks in memory, first those of which most is there.</param>
/// <param name="Events">What happened to this process of late, newest first.</param>
internal sealed record ClusterStatus(
    string? Self,
    string Epoch,
    CoordinationState Coordination,
    bool IsRegistered,
    string? Problem,
    TotalFigures Totals,
    IReadOnlyList<MemberStatus> Members,
    IReadOnlyList<FillFigures> Fills,
    IReadOnlyList<HeldObject> Objects,
    IReadOnlyList<RecentEvent> Events);
