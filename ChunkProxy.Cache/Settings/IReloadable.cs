namespace ChunkProxy.Cache.Settings;

/// <summary>Something that can be read again while the process runs.</summary>
internal interface IReloadable
{
    /// <summary>What is read, for the log: "admin key".</summary>
    string Name { get; }

    /// <summary>Whether it is read from the settings, and not from a file of its own. Then it is not read while the settings cannot be.</summary>
    bool IsFromSettings => false;

    /// <summary>Reads again. After a failure the former values stay in force.</summary>
    /// <returns>Why it failed, or null.</returns>
    string? Reload();
}
