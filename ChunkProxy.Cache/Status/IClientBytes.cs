namespace ChunkProxy.Cache.Status;

/// <summary>Bytes sent to clients. Not registered in a process without clients.</summary>
internal interface IClientBytes
{
    /// <summary>Body bytes written to client connections since the process started.</summary>
    long Sent { get; }
}
