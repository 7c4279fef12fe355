namespace ChunkProxy.Cache.Status;

/// <summary>Says what clients got. A process that answers no clients has none of it.</summary>
internal interface IClientBytes
{
    /// <summary>Bytes of bodies handed to clients' connections since the process started.</summary>
    long Sent { get; }
}
