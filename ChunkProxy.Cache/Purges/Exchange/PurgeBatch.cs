namespace ChunkProxy.Cache.Purges.Exchange;

/// <summary>What a member answers to whoever asks it for purges.</summary>
/// <param name="After">Stands for all that the member has heard so far: with it in the next question the answer goes on from here.</param>
/// <param name="Floor">What is as old as this stamp the member may have forgotten.</param>
/// <param name="Purges">What it has heard since.</param>
internal sealed record PurgeBatch(string After, long Floor, IReadOnlyList<PurgeBatch.Entry> Purges)
{
    /// <param name="Object">Hash of the object's id.</param>
    /// <param name="Stamp">See <see cref="Purge.Stamp"/>.</param>
    /// <param name="Path">For people, while that is remembered.</param>
    internal readonly record struct Entry(UInt128 Object, long Stamp, string? Path);
}
