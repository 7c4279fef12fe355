using ChunkProxy.Cache.Membership;
using ChunkProxy.Cache.Telemetry;

namespace ChunkProxy.Cache.Status;

/// <summary>Status of the cluster as seen by this process. A stand-alone process is the only member.</summary>
/// <param name="Self">Member id of this process, or null if it owns nothing.</param>
/// <param name="Epoch">Epoch of the membership in use.</param>
/// <param name="Coordination">State of the connection to etcd.</param>
/// <param name="IsRegistered">Whether this process is registered in etcd.</param>
/// <param name="Problem">Problem for the operator, or null.</param>
/// <param name="Totals">Totals of all members and this process, since this process started.</param>
/// <param name="Members">Ordered by id.</param>
/// <param name="Fills">A sample of the running fills of the members.</param>
/// <param name="Objects">Objects with the most chunks in memory, in descending order.</param>
/// <param name="Hottest">What clients read most in the last minute, in descending order.</param>
/// <param name="Prefixes">The first path segments below which clients read most.</param>
/// <param name="Events">Recent events of this process, newest first.</param>
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
    IReadOnlyList<HotFigures>? Hottest,
    IReadOnlyList<HotFigures>? Prefixes,
    IReadOnlyList<RecentEvent> Events);
