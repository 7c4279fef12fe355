namespace ChunkProxy.Cache.ZeroCopy;

/// <summary>What a response holds while it is being sent.</summary>
internal interface ISendSource
{
    /// <summary>Memory that cannot be evicted meanwhile, in bytes.</summary>
    long HeldBytes { get; }

    /// <summary>The connection that stays open meanwhile.</summary>
    HeldConnection Connection { get; }

    /// <summary>The send, if it is listed already by what holds it back before the output; null: the output lists it.</summary>
    PendingSend? Pending => null;

    /// <summary>Gives all of it back. Called on any thread, and only while the send waits and no byte is in use.</summary>
    void GiveBack();
}
