using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Tests.Settings;

/// <summary>The same options under every name.</summary>
internal sealed class FixedOptions<T>(T value) : IOptionsMonitor<T>
{
    public T CurrentValue => value;

    public T Get(string? name) => value;

    public IDisposable? OnChange(Action<T, string?> listener) => null;
}
