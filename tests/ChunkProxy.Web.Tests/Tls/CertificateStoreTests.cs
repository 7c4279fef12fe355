using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Tls;
using ChunkProxy.Web.Settings;
using ChunkProxy.Web.Tls;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ChunkProxy.Web.Tests.Tls;

public sealed class CertificateStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly LinesLog _log = new();

    private string Directory => _folder.Combine("certificates");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Check_FilesAreReplacedByRename_NewCertificateIsUsed()
    {
        var (first, second) = (TestCertificate.For("a.test"), TestCertificate.For("a.test"));
        var file = first.Write(_folder.Combine("a.pem"));
        using var store = Open(file, _folder.Combine("a.key"));
        Assert.Equal(first.Thumbprint, Used(store, "a.test"));

        second.Write(_folder.Combine("new.pem"));
        File.Move(_folder.Combine("new.key"), _folder.Combine("a.key"), overwrite: true);
        File.Move(_folder.Combine("new.pem"), file, overwrite: true);
        Assert.Equal(first.Thumbprint, Used(store, "a.test"));
        PassInterval();

        Assert.Equal(second.Thumbprint, Used(store, "a.test"));
        Assert.Equal(LogLevel.Information, Assert.Single(_log.Lines).Level);
    }

    [Fact]
    public void Check_LineSaysThatAFileIsLoadedOrDropped_ItIsInUseByThen()
    {
        var (first, second, other) = (TestCertificate.For("a.test"), TestCertificate.For("a.test"), TestCertificate.For("b.test"));
        System.IO.Directory.CreateDirectory(Directory);
        var file = first.WriteOneFile(Path.Combine(Directory, "a.pem"));
        other.WriteOneFile(Path.Combine(Directory, "b.pem"));
        using var store = Open(Directory);
        List<string> used = [];
        _log.Written += () => used.Add(Used(store, "a.test"));
        List<int> counts = [];
        _log.Written += () => counts.Add(store.Current.All.Count);

        second.WriteOneFile(file);
        PassInterval();
        File.Delete(Path.Combine(Directory, "b.pem"));
        PassInterval();
        PassInterval();

        Assert.Equal([second.Thumbprint, second.Thumbprint], used);
        Assert.Equal([2, 1], counts);
    }

    [Fact]
    public void Reload_FileIsReplacedBeforeTheInterval_NewCertificateOrTheReason()
    {
        var (first, second) = (TestCertificate.For("a.test"), TestCertificate.For("a.test"));
        var file = first.WriteOneFile(_folder.Combine("a.pem"));
        using var store = Open(file);

        File.WriteAllText(file, "nonsense");
        var reasons = (string?[])[store.Reload(), store.Reload()];
        var kept = Used(store, "a.test");
        second.WriteOneFile(file);

        Assert.All(reasons, reason => Assert.NotNull(reason));
        Assert.Equal(first.Thumbprint, kept);
        Assert.Null(store.Reload());
        Assert.Equal(second.Thumbprint, Used(store, "a.test"));
    }

    [Fact]
    public void Check_LinkOfCertbotIsReplaced_NewCertificateIsUsed()
    {
        var (first, second) = (TestCertificate.For("a.test"), TestCertificate.For("a.test"));
        var live = _folder.Combine("live");
        System.IO.Directory.CreateDirectory(Path.Combine(live, "a.test"));
        void Renew(TestCertificate certificate, int number)
        {
            File.WriteAllText(_folder.Combine($"fullchain{number}.pem"), certificate.Certificate);
            File.WriteAllText(_folder.Combine($"privkey{number}.pem"), certificate.Key);
            foreach (var name in (string[])["fullchain", "privkey"])
            {
                File.Delete(Path.Combine(live, "a.test", name + ".pem"));
                File.CreateSymbolicLink(Path.Combine(live, "a.test", name + ".pem"), _folder.Combine($"{name}{number}.pem"));
            }
        }

        Renew(first, 1);
        File.WriteAllText(Path.Combine(live, "README"), "Certbot writes this.");
        using var store = Open(live);
        Assert.Equal(first.Thumbprint, Used(store, "a.test"));

        Renew(second, 2);
        PassInterval();

        Assert.Equal(second.Thumbprint, Used(store, "a.test"));
    }

    [Fact]
    public void Check_LinkToTheDirectoryOfAKubernetesSecretIsReplaced_NewCertificateIsUsed()
    {
        var (first, second) = (TestCertificate.For("a.test"), TestCertificate.For("a.test"));
        System.IO.Directory.CreateDirectory(Directory);
        first.WriteDirectory(Path.Combine(Directory, "..2026_1"));
        File.CreateSymbolicLink(Path.Combine(Directory, "..data"), "..2026_1");
        File.CreateSymbolicLink(Path.Combine(Directory, "tls.crt"), "..data/tls.crt");
        File.CreateSymbolicLink(Path.Combine(Directory, "tls.key"), "..data/tls.key");
        using var store = Open(Directory);
        Assert.Equal(first.Thumbprint, Used(store, "a.test"));

        second.WriteDirectory(Path.Combine(Directory, "..2026_2"));
        File.Delete(Path.Combine(Directory, "..data"));
        File.CreateSymbolicLink(Path.Combine(Directory, "..data"), "..2026_2");
        PassInterval();

        Assert.Equal(second.Thumbprint, Used(store, "a.test"));
        Assert.Single(store.Current.All);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("empty")]
    [InlineData("other key")]
    [InlineData("missing")]
    [InlineData("too large")]
    public void Check_WrongFile_KeepsTheCertificateAndLogsOneLine(string fault)
    {
        var (first, second) = (TestCertificate.For("a.test"), TestCertificate.For("a.test"));
        var file = first.Write(_folder.Combine("a.pem"));
        using var store = Open(file, _folder.Combine("a.key"));

        switch (fault)
        {
            case "garbage":
                File.WriteAllText(file, "-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n");
                break;
            case "empty":
                File.WriteAllText(file, "");
                break;
            case "other key":
                File.WriteAllText(file, second.Certificate);
                break;
            case "missing":
                File.Delete(file);
                break;
            default:
                File.WriteAllText(file, new string('x', 2_000_000));
                break;
        }

        PassInterval();
        PassInterval();
        PassInterval();

        Assert.Equal(first.Thumbprint, Used(store, "a.test"));
        Assert.Equal(LogLevel.Warning, Assert.Single(_log.Lines).Level);

        second.Write(file);
        PassInterval();

        Assert.Equal(second.Thumbprint, Used(store, "a.test"));
    }

    [Fact]
    public void Find_DirectoryWithSeveralNames_EachNameHasItsCertificate()
    {
        System.IO.Directory.CreateDirectory(Directory);
        var a = TestCertificate.For("a.test", "www.a.test");
        var b = TestCertificate.For("*.b.test");
        var other = TestCertificate.For("other.test");
        a.WriteOneFile(Path.Combine(Directory, "a.pem"));
        b.Write(Path.Combine(Directory, "b.crt"));
        other.WriteDirectory(Path.Combine(Directory, CertificateFiles.Default));
        using var store = Open(Directory);

        Assert.Equal(
            [a.Thumbprint, a.Thumbprint, b.Thumbprint, other.Thumbprint, other.Thumbprint, other.Thumbprint, other.Thumbprint],
            ((string[])["a.test", "WWW.A.test", "x.b.test", "x.y.b.test", "b.test", "", "other.test"]).Select(name => Used(store, name)));
    }

    [Fact]
    public void Check_DirectoryChanges_FilesAreAddedAndRemovedAndAWrongOneHarmsNoOther()
    {
        System.IO.Directory.CreateDirectory(Directory);
        var (a, b, renewed) = (TestCertificate.For("a.test"), TestCertificate.For("b.test"), TestCertificate.For("a.test"));
        a.Write(Path.Combine(Directory, "a.pem"));
        using var store = Open(Directory);

        b.Write(Path.Combine(Directory, "b.pem"));
        File.WriteAllText(Path.Combine(Directory, "c.pem"), "nonsense");
        renewed.Write(Path.Combine(Directory, "a.pem"));
        PassInterval();
        Assert.Equal((renewed.Thumbprint, b.Thumbprint), (Used(store, "a.test"), Used(store, "b.test")));
        Assert.Single(_log.Lines, line => line.Level == LogLevel.Warning);

        File.Delete(Path.Combine(Directory, "b.pem"));
        PassInterval();
        Assert.Equal(b.Thumbprint, Used(store, "b.test")); // perhaps the file is being replaced
        PassInterval();
        Assert.Equal(renewed.Thumbprint, Used(store, "b.test"));

        File.Delete(Path.Combine(Directory, "a.pem"));
        PassInterval();
        PassInterval();
        PassInterval();
        Assert.Equal(renewed.Thumbprint, Used(store, "a.test"));
    }

    [Fact]
    public void Find_TwoCertificatesOfOneName_TheOneThatIsValidLongerIsUsed()
    {
        System.IO.Directory.CreateDirectory(Directory);
        TestCertificate.For(TimeSpan.FromDays(1), "a.test").Write(Path.Combine(Directory, "1.pem"));
        var longer = TestCertificate.For(TimeSpan.FromDays(2), "a.test");
        longer.Write(Path.Combine(Directory, "2.pem"));
        TestCertificate.For(TimeSpan.FromDays(1), "a.test").Write(Path.Combine(Directory, "3.pem"));

        using var store = Open(Directory);

        Assert.Equal(longer.Thumbprint, Used(store, "a.test"));
    }

    [Fact]
    public void Open_ExpiredCertificate_IsUsedWithAWarning()
    {
        using var store = Open(TestCertificate.For(TimeSpan.FromDays(-1), "a.test").WriteOneFile(_folder.Combine("a.pem")));

        Assert.Contains("expired on", Assert.Single(_log.Lines).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_WrongFile_IsRefusedWithTheKeyOfTheSetting()
    {
        var file = TestCertificate.For("a.test").Write(_folder.Combine("a.pem"));

        var refused = Assert.Throws<OptionsValidationException>(() => Open(file)); // its key is in another file

        Assert.StartsWith($"ChunkProxy:Certificate: '{file}' with the key of '{file}' cannot be loaded: ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_DirectoryWithoutCertificates_IsRefused()
    {
        System.IO.Directory.CreateDirectory(Directory);

        Assert.Throws<OptionsValidationException>(() => Open(Directory));
    }

    private static string Used(CertificateStore store, string name) =>
        store.Current.Find(name).Handshake.ServerCertificateContext!.TargetCertificate.Thumbprint;

    private CertificateStore Open(string certificate, string? key = null) =>
        new(new TlsOptions { Certificate = certificate, CertificateKey = key }, _time, _log);

    private void PassInterval() => _time.Advance(new TlsOptions().CertificateCheckInterval);

    private sealed class LinesLog : ILogger<CertificateStore>
    {
        public event Action? Written;

        public List<(LogLevel Level, string Message)> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Lines.Add((logLevel, formatter(state, exception)));
            Written?.Invoke();
        }
    }
}
