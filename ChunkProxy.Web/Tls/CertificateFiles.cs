namespace ChunkProxy.Web.Tls;

/// <summary>The file of a certificate, and the file of its key.</summary>
/// <param name="Name">The name of the certificate in messages, and its position among others: its path below the directory.</param>
/// <param name="Certificate">PEM: the certificate and its chain.</param>
/// <param name="Key">PEM: the private key. May be the same file.</param>
internal sealed record CertificateFiles(string Name, string Certificate, string Key)
{
    /// <summary>The name of the certificate for clients whose name is in no other one.</summary>
    public const string Default = "default";

    // Certificate and key of one name in one directory, as certbot and Kubernetes write them.
    private static readonly (string Certificate, string Key)[] Pairs = [("fullchain.pem", "privkey.pem"), ("tls.crt", "tls.key")];

    /// <summary>Finds the certificates of a setting. Links are followed.</summary>
    /// <param name="certificate">A file or a directory.</param>
    /// <param name="key">The file of the key; null or empty: beside or in the certificate's file.</param>
    /// <exception cref="IOException">The file or directory does not exist.</exception>
    public static IReadOnlyList<CertificateFiles> At(string certificate, string? key)
    {
        if (!Path.Exists(certificate))
        {
            throw new FileNotFoundException($"'{certificate}' does not exist");
        }

        if (!Directory.Exists(certificate))
        {
            return [new CertificateFiles(certificate, certificate, string.IsNullOrEmpty(key) ? certificate : key)];
        }

        if (PairIn(certificate, certificate) is { } only)
        {
            return [only];
        }

        var inFiles =
            from file in Directory.EnumerateFiles(certificate)
            where Path.GetExtension(file) is ".pem" or ".crt" && !IsHidden(file)
            let besides = Path.ChangeExtension(file, ".key")
            select new CertificateFiles(Path.GetFileName(file), file, File.Exists(besides) ? besides : file);
        var inDirectories =
            from directory in Directory.EnumerateDirectories(certificate)
            where !IsHidden(directory)
            let pair = PairIn(directory, Path.GetFileName(directory))
            where pair is not null
            select pair;
        return [.. inFiles.Concat(inDirectories).OrderBy(static files => Path.GetFileNameWithoutExtension(files.Name) != Default).ThenBy(static files => files.Name, StringComparer.Ordinal)];
    }

    private static CertificateFiles? PairIn(string directory, string name) => (
        from pair in Pairs
        let files = new CertificateFiles(name, Path.Combine(directory, pair.Certificate), Path.Combine(directory, pair.Key))
        where File.Exists(files.Certificate) && File.Exists(files.Key)
        select files).FirstOrDefault();

    // Kubernetes keeps former states of a secret in directories such as ..2026_03_01.
    private static bool IsHidden(string path) => Path.GetFileName(path.AsSpan()) is ['.', ..];
}
