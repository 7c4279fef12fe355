using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Settings;

/// <summary>
/// Reads log levels, origins, routes, keys and certificates again, on SIGHUP, whose default would be to end the process, and when an operator asks for it. Other
/// settings need a restart.
/// </summary>
/// <remarks>
/// Settings files count as a whole: they are read on trial, all settings are checked as at the start, origins and then routes are replaced, and only then the log
/// levels follow. If one step fails, the files' former content comes back.
/// </remarks>
internal sealed partial class SettingsReload(
    IConfiguration configuration, IEnumerable<IReloadable> parts, IEnumerable<SettingSection> sections, IServiceProvider services, ILogger<SettingsReload> log)
    : IHostedService, IDisposable
{
    private const string SettingsName = "settings";

    private readonly Lock _gate = new();
    private readonly List<IReloadable> _parts = [.. parts]; // guarded by _gate
    private readonly List<SettingsFile> _files = // those that were there at the start
        [.. (configuration as IConfigurationRoot)?.Providers.OfType<SettingsFile>().Where(static file => file.Exists) ?? []];

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
    public ReloadReport Reload()
    {
        lock (_gate)
        {
            List<ReloadReport.Part> read = [];
            var hasSettings = TryReadFiles(read);
            if (hasSettings)
            {
                List<IReloadable> replaced = [];
                hasSettings = Try(SettingsName, CheckSettings, read) && TryReplace(replaced, read);
                _files.ForEach(file => Settle(file, hasSettings));
                replaced.ForEach(hasSettings ? static part => part.Confirm() : static part => part.TakeBack());
            }

            foreach (var part in _parts.Where(static part => !part.IsFromSettings))
            {
                Try(part.Name, part.Reload, read);
            }

            var report = new ReloadReport(read, hasSettings ? [.. _files.SelectMany(static file => file.ChangedKeys).Where(NeedsRestart).Distinct()] : []);
            Log(report);
            return report;
        }
    }

    private static void Settle(SettingsFile file, bool isValid)
    {
        if (isValid)
        {
            file.Announce();
        }
        else
        {
            file.TakeBack();
        }
    }

    // All files or none.
    private bool TryReadFiles(List<ReloadReport.Part> read)
    {
        List<SettingsFile> changed = [];
        foreach (var file in _files)
        {
            if (!Try($"settings file {file.Name}", () => ReadAgain(file), read))
            {
                changed.ForEach(static it => it.TakeBack());
                return false;
            }

            changed.Add(file);
        }

        return true;
    }

    private static string? ReadAgain(SettingsFile file)
    {
        if (!file.Exists)
        {
            return "the file is gone";
        }

        file.ReadAgain();
        return null;
    }

    // All parts or none. Those that others are made of come first.
    private bool TryReplace(List<IReloadable> replaced, List<ReloadReport.Part> read)
    {
        var parts = _parts.FindAll(static part => part.IsFromSettings);
        foreach (var part in parts)
        {
            List<ReloadReport.Part> faults = [];
            if (!Try(part.Name, part.Check, faults))
            {
                read.AddRange(faults);
                return false;
            }
        }

        foreach (var part in parts)
        {
            replaced.Add(part);
            List<ReloadReport.Part> done = [];
            var isRead = Try(part.Name, part.Reload, done);
            read.AddRange(isRead && part.IsEmpty ? [] : done);
            if (!isRead)
            {
                return false;
            }
        }

        return true;
    }

    // The same checks as at the start: a file that passes here does not fail the next start.
    private string? CheckSettings()
    {
        List<string> failures = [];
        foreach (var section in sections)
        {
            try
            {
                section.Check(services);
            }
            catch (OptionsValidationException wrong)
            {
                failures.AddRange(wrong.Failures);
            }
        }

        return failures is [] ? null : string.Join("; ", failures.Distinct());
    }

    // Settings outside this product, such as log levels, need none.
    private bool NeedsRestart(string key) =>
        key.StartsWith(CacheOptions.Section + ":", StringComparison.OrdinalIgnoreCase)
        && !_parts.Exists(part => part.Reads(key))
        && !services.GetRequiredService<IOptions<SettingKeys>>().Value.Accepts(key[(CacheOptions.Section.Length + 1)..])
        && !sections.Any(section => section.IsReloaded && section.Keys.Contains(key[(CacheOptions.Section.Length + 1)..], StringComparer.OrdinalIgnoreCase));

    private static bool Try(string name, Func<string?> reload, List<ReloadReport.Part> read)
    {
        string? fault;
        try
        {
            fault = reload();
        }
        catch (OptionsValidationException wrong)
        {
            fault = string.Join("; ", wrong.Failures);
        }
        catch (Exception e) // whatever it is: the former values stay in force
        {
            fault = e.GetBaseException().Message;
        }

        read.Add(new(name, fault));
        return fault is null;
    }

    private void Log(ReloadReport report)
    {
        foreach (var (name, fault) in report.Parts)
        {
            if (fault is null)
            {
                LogReloaded(name);
            }
            else
            {
                LogNotReloaded(name, fault);
            }
        }

        if (report.NeedRestart is not [])
        {
            LogNeedRestart(string.Join(", ", report.NeedRestart));
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Reloaded the {Part}")]
    private partial void LogReloaded(string part);

    [LoggerMessage(2, LogLevel.Error, "Cannot reload the {Part} ({Reason}); the former values stay in force")]
    private partial void LogNotReloaded(string part, string reason);

    [LoggerMessage(3, LogLevel.Warning, "Changed settings that need a restart: {Keys}")]
    private partial void LogNeedRestart(string keys);
}
