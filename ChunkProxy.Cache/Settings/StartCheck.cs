namespace ChunkProxy.Cache.Settings;

/// <summary>Reads some options when the process starts.</summary>
/// <param name="Run">Throws <see cref="Microsoft.Extensions.Options.OptionsValidationException"/> if they are invalid.</param>
internal sealed record StartCheck(Action<IServiceProvider> Run);
