namespace ChunkProxy.Web.Clients;

/// <summary>What one client has in progress under one set of limits.</summary>
/// <param name="key">The client and the limits.</param>
/// <param name="bucket">The bytes that it may get; null: any.</param>
internal sealed class LimitedClient(LimitedKey key, ByteBucket? bucket)
{
    private int _requests;
    private int _connections;

    public LimitedKey Key => key;

    public ByteBucket? Bucket => bucket;

    /// <summary>Its place among idle clients; null while it has something in progress. Guarded by the lock of the table.</summary>
    public LinkedListNode<LimitedClient>? Idle { get; set; }

    /// <summary>Requests and connections in progress. Guarded by the lock of the table.</summary>
    public int Uses { get; set; }

    /// <summary>Begins a request, unless as many as the limits allow are in progress. <see cref="EndRequest"/> must follow if true.</summary>
    public bool TryBeginRequest() => TryBegin(ref _requests, key.Rules.MaxRequests is > 0 and var most ? most : int.MaxValue);

    public void EndRequest() => Interlocked.Decrement(ref _requests);

    /// <summary>Begins a connection, unless so many are open. <see cref="EndConnection"/> must follow if true.</summary>
    public bool TryBeginConnection(int most) => TryBegin(ref _connections, most);

    public void EndConnection() => Interlocked.Decrement(ref _connections);

    private static bool TryBegin(ref int count, int most)
    {
        if (Interlocked.Increment(ref count) <= most)
        {
            return true;
        }

        Interlocked.Decrement(ref count);
        return false;
    }
}
