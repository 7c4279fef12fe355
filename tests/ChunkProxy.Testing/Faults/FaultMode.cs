namespace ChunkProxy.Testing.Faults;

/// <summary>How a <see cref="FaultProxy"/> treats bytes and connections.</summary>
public enum FaultMode
{
    /// <summary>Forwards bytes.</summary>
    Pass,

    /// <summary>Accepts connections and keeps them open, but forwards no byte in either direction: a partition without a reset.</summary>
    Stall,

    /// <summary>Forwards 1 Mbit/s of each connection from the target.</summary>
    Trickle,

    /// <summary>Resets open connections, and new ones as soon as they are accepted.</summary>
    Reset,
}
