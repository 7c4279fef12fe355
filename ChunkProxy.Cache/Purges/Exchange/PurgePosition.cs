namespace ChunkProxy.Cache.Purges.Exchange;

/// <summary>How far this process has the purges of one member: received, and with their files deleted.</summary>
/// <param name="After">The position that the member's last response gave: nothing purged before it is served here.</param>
/// <param name="Erased">An earlier position, before which the files of all purges are deleted; null at first.</param>
/// <param name="Erasing">A position between both, and the sequence of the ledger at that time. It stays while later purges come: otherwise, purges that come
/// faster than files are deleted would never be acknowledged.</param>
internal sealed record PurgePosition(string After, string? Erased = null, (string After, long Sequence)? Erasing = null)
{
    /// <summary>Returns the position after a response.</summary>
    /// <param name="after">The position in the response.</param>
    /// <param name="sequence">The sequence of the ledger, which has the response's purges.</param>
    public PurgePosition Received(string after, long sequence) => this with { After = after, Erasing = Erasing ?? (after, sequence) };

    /// <summary>Returns the position when the files of all purges up to a sequence of the ledger are deleted.</summary>
    public PurgePosition Deleted(long done) => Erasing is { } pending && pending.Sequence <= done ? this with { Erased = pending.After, Erasing = null } : this;
}
