using Microsoft.Extensions.Configuration;

namespace ChunkProxy.Cache.Tests.Lookup;

/// <summary>Settings that a test changes and removes, as an edit of a settings file does.</summary>
internal sealed class ChangeableSettings : ConfigurationProvider, IConfigurationSource
{
    public ChangeableSettings(IDictionary<string, string?> settings) => Data = new Dictionary<string, string?>(settings, StringComparer.OrdinalIgnoreCase);

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    public void Remove(string section)
    {
        foreach (var key in Data.Keys.Where(key => key.StartsWith(section + ":", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            Data.Remove(key);
        }
    }
}
