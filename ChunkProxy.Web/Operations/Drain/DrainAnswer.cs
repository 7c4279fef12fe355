using ChunkProxy.Cache.Draining;

namespace ChunkProxy.Web.Operations.Drain;

/// <summary>A member's state after a drain or rejoin request.</summary>
/// <param name="Member">The member's id.</param>
/// <param name="State"><c>draining</c>, <c>drained</c>, or <c>member</c>: it owns chunks.</param>
/// <param name="Told">Whether the other members know; if not, they will once etcd responds.</param>
internal sealed record DrainAnswer(string Member, DrainState State, bool Told);
