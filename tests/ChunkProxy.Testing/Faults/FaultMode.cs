namespace ChunkProxy.Testing.Faults;

/// <summary>What a <see cref="FaultProxy"/> does with bytes and connections.</summary>
public enum FaultMode
{
    /// <summary>Bytes pass.</summary>
    Pass,

    /// <summary>Connections are accepted and stay open; not a byte passes, either way. A partition without a reset.</summary>
    Stall,

    /// <summary>Connections that are open are reset, and new ones as soon as they are made.</summary>
    Reset,
}
