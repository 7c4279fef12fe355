namespace ChunkProxy.Web.Tls;

/// <summary>The content of a certificate's files. Equal contents are one certificate, so a renewal is found in whatever way it replaced the files.</summary>
internal sealed record PemText(string Certificate, string Key)
{
    private const int MaxLength = 1024 * 1024; // bytes of one file

    /// <exception cref="IOException">A file is missing, not readable, or too large.</exception>
    /// <exception cref="UnauthorizedAccessException">A file is not readable.</exception>
    public static PemText Read(CertificateFiles files)
    {
        var certificate = Read(files.Certificate);
        return new PemText(certificate, files.Key == files.Certificate ? certificate : Read(files.Key));
    }

    private static string Read(string path)
    {
        using var file = File.OpenRead(path);
        if (file.Length > MaxLength)
        {
            throw new IOException($"'{path}' is larger than {MaxLength} bytes");
        }

        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }
}
