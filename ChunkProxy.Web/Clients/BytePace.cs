namespace ChunkProxy.Web.Clients;

/// <summary>All rates that a response must keep: that of its client in the process, and in its route. A feature of the request.</summary>
/// <param name="bucket">The bytes that the client may get.</param>
/// <param name="and">Another rate that counts as well; null: none.</param>
internal sealed class BytePace(ByteBucket bucket, BytePace? and = null)
{
    /// <summary>Takes bytes from all buckets. If one of them grants fewer, the surplus is returned to the others.</summary>
    /// <inheritdoc cref="ByteBucket.Take"/>
    public int Take(int wanted, out TimeSpan delay)
    {
        var taken = bucket.Take(wanted, out delay);
        if (and is null)
        {
            return taken;
        }

        var both = and.Take(taken, out var other);
        if (both < taken)
        {
            delay -= bucket.GiveBack(taken - both);
        }

        delay = delay > other ? delay : other;
        return both;
    }

    /// <summary>Gives back bytes that were taken and will not be sent.</summary>
    public void GiveBack(int bytes)
    {
        bucket.GiveBack(bytes);
        and?.GiveBack(bytes);
    }
}
