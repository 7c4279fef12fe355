namespace ChunkProxy.Cache.Settings;

/// <summary>Something that can be read again while the process runs.</summary>
internal interface IReloadable
{
    /// <summary>What is read, for the log: "admin key".</summary>
    string Name { get; }

    /// <summary>Whether it is read from the settings, and not from a file of its own. Then it is not read while the settings cannot be.</summary>
    bool IsFromSettings => false;

    /// <summary>Whether there is nothing to read in this process, so that reports leave it out.</summary>
    bool IsEmpty => false;

    /// <summary>Checks what <see cref="Reload"/> would read, before any part reads the new settings: a fault of one part keeps all others as they are.</summary>
    /// <returns>What is wrong, or null.</returns>
    string? Check() => null;

    /// <summary>Reads again. After a failure the former values stay in force.</summary>
    /// <returns>Why it failed, or null.</returns>
    string? Reload();

    /// <summary>Called when all parts have read the new settings: what was before is not needed any more.</summary>
    void Confirm()
    {
    }

    /// <summary>Restores what was before the last <see cref="Reload"/>, because it or that of a later part has failed. The settings are the former ones again.</summary>
    void TakeBack()
    {
    }

    /// <summary>Returns whether <see cref="Reload"/> applies a setting, so that a change of it needs no restart.</summary>
    /// <param name="key">The whole key.</param>
    bool Reads(string key) => false;
}
