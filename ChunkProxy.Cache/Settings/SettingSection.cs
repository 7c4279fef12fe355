namespace ChunkProxy.Cache.Settings;

/// <summary>A section of configuration that options are bound to.</summary>
/// <param name="Keys">Its keys below <c>ChunkProxy</c>: <c>Origin:Attempts</c>.</param>
/// <param name="IsReloaded">Whether the process reads the section again while it runs.</param>
/// <param name="Check">Reads the section as it is now. Throws <see cref="Microsoft.Extensions.Options.OptionsValidationException"/> if it is invalid.</param>
internal sealed record SettingSection(IReadOnlyList<string> Keys, bool IsReloaded, Action<IServiceProvider> Check);
