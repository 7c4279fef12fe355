using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Settings;

/// <summary>
/// Reads log levels, routes, keys and certificates again on SIGHUP, whose default would be to end the process. Other settings need a restart.
/// </summary>
internal sealed partial class SettingsReload(IConfiguration configuration, IEnumerable<IReloadable> parts, ILogger<SettingsReload> log) : IHostedService, IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<IReloadable> _parts = [.. parts]; // guarded by _gate
    private readonly List<FileConfigurationProvider> _files = // those that were there at the start
        [.. (configuration as IConfigurationRoot)?.Providers.OfType<FileConfigurationProvider>().Where(Exists) ?? []];

    private PosixSignalRegistration? _signal;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsWindows())
        {
            _signal = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
            {
                context.Cancel = true;
                Reload();
            });
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _signal?.Dispose();

    /// <summary>Adds a part that the container does not create.</summary>
    public void Add(IReloadable part)
    {
        lock (_gate)
        {
            _parts.Add(part);
        }
    }

    /// <summary>Reads again what can be read again. What is invalid keeps its former values.</summary>
    public void Reload()
    {
        lock (_gate)
        {
            var isRead = Reload("settings file", () =>
            {
                if (_files.FirstOrDefault(static file => !Exists(file)) is { } gone)
                {
                    return $"{gone.Source.Path} is gone";
                }

                (configuration as IConfigurationRoot)?.Reload();
                return null;
            });
            foreach (var part in _parts.Where(part => isRead || !part.IsFromSettings))
            {
                Reload(part.Name, part.Reload);
            }
        }
    }

    private static bool Exists(FileConfigurationProvider file) => file.Source is { FileProvider: { } folder, Path: { } path } && folder.GetFileInfo(path).Exists;

    private bool Reload(string name, Func<string?> reload)
    {
        string? fault;
        try
        {
            fault = reload();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or FormatException)
        {
            fault = e.GetBaseException().Message;
        }
        catch (OptionsValidationException wrong)
        {
            fault = string.Join("; ", wrong.Failures);
        }

        if (fault is null)
        {
            LogReloaded(name);
        }
        else
        {
            LogNotReloaded(name, fault);
        }

        return fault is null;
    }

    [LoggerMessage(1, LogLevel.Information, "Reloaded the {Part}")]
    private partial void LogReloaded(string part);

    [LoggerMessage(2, LogLevel.Error, "Cannot reload the {Part} ({Reason}); the former values stay in force")]
    private partial void LogNotReloaded(string part, string reason);
}
