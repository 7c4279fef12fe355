using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Purges.Exchange;

/// <summary>A member's response to a request for purges.</summary>
/// <param name="After">The position after everything that the member has received. The next request sends it to continue from here.</param>
/// <param name="Floor">The member may have forgotten purges up to this stamp.</param>
/// <param name="Purges">The purges since the position that the request sent.</param>
/// <param name="Settings">The member's settings that must be equal in all processes.</param>
internal sealed record PurgeBatch(string After, long Floor, IReadOnlyList<PurgeBatch.Entry> Purges, IReadOnlyDictionary<string, string>? Settings = null)
{
    /// <param name="Object">Hash of the object's id.</param>
    /// <param name="Stamp">See <see cref="Purge.Stamp"/>.</param>
    /// <param name="Path">Path and query, for display; null once forgotten.</param>
    /// <param name="Scope">See <see cref="Purge.Scope"/>.</param>
    internal readonly record struct Entry(UInt128 Object, long Stamp, string? Path, PurgeScope Scope = PurgeScope.Object)
    {
        public static Entry Of(Purge purge) => new(new UInt128(purge.Object.High, purge.Object.Low), purge.Stamp, purge.Path, purge.Scope);

        /// <summary>Returns the purge; null if no member would send it.</summary>
        public Purge? ToPurge() => Scope is PurgeScope.Object ? new Purge(new Hash128((ulong)(Object >> 64), (ulong)Object), Stamp, Path) : Purge.OfSeveral(Scope, Path, Stamp);
    }
}
