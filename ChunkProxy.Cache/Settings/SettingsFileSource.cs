using Microsoft.Extensions.Configuration.Json;

namespace ChunkProxy.Cache.Settings;

/// <summary>The source of a <see cref="SettingsFile"/>.</summary>
internal sealed class SettingsFileSource : JsonConfigurationSource
{
    public override IConfigurationProvider Build(IConfigurationBuilder builder)
    {
        EnsureDefaults(builder);
        return new SettingsFile(this);
    }

    /// <summary>Makes all JSON files of a configuration <see cref="SettingsFile"/>s.</summary>
    public static void Replace(IList<IConfigurationSource> sources)
    {
        for (var i = 0; i < sources.Count; i++)
        {
            if (sources[i] is JsonConfigurationSource json and not SettingsFileSource)
            {
                sources[i] = new SettingsFileSource
                {
                    FileProvider = json.FileProvider,
                    Path = json.Path!,
                    Optional = json.Optional,
                    ReloadOnChange = json.ReloadOnChange,
                    ReloadDelay = json.ReloadDelay,
                    OnLoadException = json.OnLoadException,
                };
            }
        }
    }
}
