namespace ChunkProxy.Cache.ZeroCopy;

/// <summary>Connection feature of <see cref="LendingConnections.SendDirectly"/>: the state of the socket, for a layer above that hides failed sends.</summary>
internal sealed class DirectSocket(LendingOutput output)
{
    /// <summary>Whether the connection is lost. Further writes are dropped.</summary>
    public bool IsGone => output.IsGone;
}
