using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.FileProviders;

namespace ChunkProxy.Cache.Settings;

/// <summary>A JSON file with settings that can be read again on trial: the former content comes back, unless the new one is announced.</summary>
/// <remarks>The framework's provider announces each content as soon as it is read, valid or not.</remarks>
internal sealed class SettingsFile(JsonConfigurationSource source) : JsonConfigurationProvider(source)
{
    private IDictionary<string, string?> _former = new Dictionary<string, string?>();

    /// <summary>The path of the file, for messages.</summary>
    public string Name => Source.Path ?? "";

    public bool Exists => Found is { Exists: true };

    /// <summary>The keys whose values differ from those before <see cref="ReadAgain"/>.</summary>
    public IEnumerable<string> ChangedKeys =>
        Data.Keys.Union(_former.Keys, StringComparer.OrdinalIgnoreCase).Where(key => (Data.TryGetValue(key, out var now) ? now : null) != (_former.TryGetValue(key, out var before) ? before : null));

    private IFileInfo? Found => Source.FileProvider?.GetFileInfo(Name);

    /// <summary>Reads the file. Readers of configuration get the new values; no change is announced.</summary>
    /// <exception cref="FormatException">The content is invalid; the former values stay.</exception>
    /// <exception cref="IOException">The file cannot be read; the former values stay.</exception>
    public void ReadAgain()
    {
        _former = Data;
        using var content = (Found ?? throw new IOException("it has no folder")).CreateReadStream();
        Load(content); // replaces Data as its last step
    }

    /// <summary>Takes back what <see cref="ReadAgain"/> did.</summary>
    public void TakeBack() => Data = _former;

    /// <summary>Tells those who follow changes, such as log levels.</summary>
    public void Announce() => OnReload();
}
