using ChunkProxy.Cache.Draining;

namespace ChunkProxy.Web.Operations.Drain;

/// <summary>How a member stands after an order.</summary>
/// <param name="Member">Its id.</param>
/// <param name="State"><c>draining</c>, <c>drained</c>, or <c>member</c>: it owns chunks.</param>
/// <param name="Told">The other members know of it; else they will when etcd answers.</param>
internal sealed record DrainAnswer(string Member, DrainState State, bool Told);
