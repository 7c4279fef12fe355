namespace ChunkProxy.Deploy.Tests.Settings;

public enum ProcessRole
{
    /// <summary>Owns chunks.</summary>
    Cache,

    /// <summary>Answers clients.</summary>
    FrontEnd,
}
