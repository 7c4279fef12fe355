using System.Security.Cryptography;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Web.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Tls;

/// <summary>Loads the certificates, and loads them again when their files have changed.</summary>
/// <remarks>
/// Compares contents at an interval rather than watching for events: a renewal replaces a file, a link to it (certbot), or a link to the directory
/// that contains it (Kubernetes), and only the content shows all three. Connections keep the certificate that they began with.
/// </remarks>
internal sealed partial class CertificateStore : IReloadable, IDisposable
{
    private readonly TlsOptions _options;
    private readonly ILogger _log;
    private readonly ITimer _timer;
    private readonly Lock _loading = new();
    private readonly Dictionary<string, (PemText? Text, string Reason)> _rejected = new(StringComparer.Ordinal); // guarded by _loading; no text: not readable
    private readonly HashSet<string> _missing = new(StringComparer.Ordinal); // guarded by _loading: absent at the last check
    private volatile CertificateSet _current;

    /// <exception cref="OptionsValidationException">A certificate cannot be loaded.</exception>
    public CertificateStore(TlsOptions options, TimeProvider time, ILogger<CertificateStore> log)
    {
        _options = options;
        _log = log;
        _current = LoadFirst();
        foreach (var certificate in _current.All.Where(certificate => certificate.ValidUntil < time.GetUtcNow()))
        {
            LogExpired(certificate.Name, certificate.ValidUntil);
        }

        _timer = time.CreateTimer(static store => ((CertificateStore)store!).Check(), this, options.CertificateCheckInterval, options.CertificateCheckInterval);
    }

    public CertificateSet Current => _current;

    public string Name => "certificates";

    /// <summary>Checks now, and not after the interval. The result says which certificate cannot be loaded.</summary>
    public string? Reload()
    {
        lock (_loading)
        {
            Check();
            return _rejected.Count == 0 ? null : string.Join("; ", _rejected.Select(it => $"{it.Key}: {it.Value.Reason}"));
        }
    }

    /// <summary>Loads the certificates whose files have changed. A file that cannot be loaded changes nothing, and is logged once.</summary>
    public void Check()
    {
        lock (_loading)
        {
            try
            {
                Apply(CertificateFiles.At(_options.Certificate!, _options.CertificateKey));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Reject(_options.Certificate!, text: null, e); // of the directory
            }
        }
    }

    public void Dispose() => _timer.Dispose();

    private static bool IsUnusable(Exception e) => e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException;

    private CertificateSet LoadFirst()
    {
        try
        {
            var all = CertificateFiles.At(_options.Certificate!, _options.CertificateKey);
            return all is []
                ? throw Invalid($"'{_options.Certificate}' contains no certificate: takes NAME.pem with its key, NAME.crt with NAME.key, NAME/fullchain.pem with NAME/privkey.pem")
                : new CertificateSet([.. all.Select(Load)]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Invalid(e.Message);
        }

        LoadedCertificate Load(CertificateFiles files)
        {
            try
            {
                return LoadForUse(files.Name, PemText.Read(files));
            }
            catch (Exception e) when (IsUnusable(e))
            {
                throw Invalid($"'{files.Certificate}' with the key of '{files.Key}' cannot be loaded: {e.Message}");
            }
        }
    }

    private static OptionsValidationException Invalid(string message) =>
        new(nameof(TlsOptions), typeof(TlsOptions), [$"{TlsOptions.Section}:{nameof(TlsOptions.Certificate)}: {message}"]);

    private void Apply(IReadOnlyList<CertificateFiles> files)
    {
        foreach (var absent in _rejected.Keys.Except(files.Select(it => it.Name)).ToList())
        {
            _rejected.Remove(absent);
        }

        var current = _current.All.ToDictionary(certificate => certificate.Name, StringComparer.Ordinal);
        List<LoadedCertificate> next = [];
        foreach (var it in files)
        {
            _missing.Remove(it.Name);
            if (Load(it, current.GetValueOrDefault(it.Name)) is { } certificate)
            {
                next.Add(certificate);
            }

            current.Remove(it.Name);
        }

        // A renewal may remove a file before it writes the next: a certificate is dropped at the second check without its file.
        next.AddRange(current.Values.Where(absent => _missing.Add(absent.Name)));
        foreach (var gone in current.Values.Except(next))
        {
            _missing.Remove(gone.Name);
            if (next is [])
            {
                next.Add(gone); // never without a certificate
            }
        }

        var before = _current.All;
        if (next.SequenceEqual(before))
        {
            return;
        }

        _current = new CertificateSet(next); // before the lines that say so
        foreach (var loaded in next.Except(before))
        {
            LogLoaded(loaded.Name, string.Join(", ", loaded.HostNames), loaded.ValidUntil);
        }

        foreach (var gone in before.ExceptBy(next.Select(static it => it.Name), static it => it.Name, StringComparer.Ordinal))
        {
            LogRemoved(gone.Name);
        }
    }

    private LoadedCertificate? Load(CertificateFiles files, LoadedCertificate? current)
    {
        PemText? text = null;
        try
        {
            text = PemText.Read(files);
            if (text == current?.Text)
            {
                _rejected.Remove(files.Name);
                return current;
            }

            if (_rejected.TryGetValue(files.Name, out var rejected) && text == rejected.Text)
            {
                return current;
            }

            var loaded = LoadForUse(files.Name, text);
            _rejected.Remove(files.Name);
            return loaded;
        }
        catch (Exception e) when (IsUnusable(e))
        {
            Reject(files.Name, text, e);
            return current;
        }
    }

    private LoadedCertificate LoadForUse(string name, PemText text)
    {
        var loaded = LoadedCertificate.Load(name, text);
        if (_options.OcspStapling)
        {
            loaded.StapleInBackground();
        }

        return loaded;
    }

    private void Reject(string name, PemText? text, Exception reason)
    {
        var isNew = !_rejected.TryGetValue(name, out var before) || before != (text, reason.Message);
        _rejected[name] = (text, reason.Message);
        if (isNew)
        {
            LogNotLoaded(name, reason.Message);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Loaded the certificate {Name} for {HostNames}, valid until {ValidUntil:u}")]
    private partial void LogLoaded(string name, string hostNames, DateTime validUntil);

    [LoggerMessage(2, LogLevel.Warning, "Cannot load the certificate {Name}: {Reason}. The certificate in use does not change")]
    private partial void LogNotLoaded(string name, string reason);

    [LoggerMessage(3, LogLevel.Information, "Dropped the certificate {Name}: its file was removed")]
    private partial void LogRemoved(string name);

    [LoggerMessage(4, LogLevel.Warning, "The certificate {Name} expired on {ValidUntil:u}")]
    private partial void LogExpired(string name, DateTime validUntil);
}
