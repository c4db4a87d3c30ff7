// Signatures of what is asked for: other people's containers, credentials, clusters, repositories, backups, software with known holes.
// Linear patterns, as in code.ts.
import { KNOWN_PATHS } from './known-paths.ts';
import { anyOf, beginsWith, type Place, SENT, type Signature } from './signature.ts';

const TARGET: readonly Place[] = ['target'];

export const PATHS: readonly Signature[] = [
  {
    name: 'container-exec',
    in: TARGET,
    begins: true,
    pattern: beginsWith(
      /\/(?:exec|run|attach|portForward|cri\/exec)\//,
      /(?:\/v1\.\d{1,2})?\/(?:containers\/(?:create|[^/?]{1,80}\/(?:exec|start|attach|archive|copy))|exec\/[^/?]{1,80}\/start|images\/(?:create|load)|build(?:$|\?))/,
    ),
    techniques: ['T1609'],
  },
  {
    name: 'container-exec',
    in: TARGET,
    pattern: anyOf(/\/pods\/[^/?]{1,253}\/(?:exec|attach|portforward)|\/nodes\/[^/?]{1,253}\/proxy\/(?:run|exec)/),
    techniques: ['T1609'],
  },
  {
    name: 'kubernetes-credentials',
    in: TARGET,
    pattern: anyOf(
      /kubeconfig|\/\.kube|\/(?:admin|kubelet|controller-manager|scheduler)\.conf|secrets\/kubernetes\.io|k3s\.yaml|\/pki\//,
      /\/api\/v1\/(?:watch\/)?(?:namespaces\/[^/?]{1,63}\/)?secrets|\/serviceaccounts\/[^/?]{1,253}\/token/,
    ),
    techniques: ['T1552.007', 'T1528'],
  },
  {
    name: 'bearer-token',
    in: ['headers'],
    pattern: /^authorization: bearer eyJ/im,
    techniques: ['T1550.001', 'T1528'],
  },
  {
    name: 'kubernetes-api',
    in: TARGET,
    begins: true,
    pattern: beginsWith(
      /\/api\/v1\/(?:watch\/)?(?:pods|limitranges|replicationcontrollers|resourcequotas|login\/status|csrftoken|namespaces|nodes|services|serviceaccounts|configmaps|componentstatuses|events|endpoints|proxy|persistentvolumes)/,
      /\/api\/?(?:$|\?)|\/api\/v1\/?(?:$|\?)|\/apis(?:\/|$)|\/openapi\/v[23]/,
      // The kubelet's and the kube-proxy's own ports.
      /\/(?:pods|runningpods|containerLogs|stats\/summary|metrics\/(?:cadvisor|probes|resource)|flagz|statusz|readyz\/|livez\?|k8s\/|v1-rke2|proxy\/|dashboard\/#|healthz\/etcd|logs\/|spec\/|configz|debug\/flags|machine-config)/,
      // etcd, Docker, registries, Consul, Nomad, Eureka, Nacos, Rancher.
      /\/(?:v2\/keys|v3(?:alpha|beta)?\/kv|v3\/maintenance|v2\/(?:_catalog|stats|members|machines|$|[a-z0-9/_-]{1,80}\/(?:manifests|tags))|v1\/(?:agent|kv|catalog|nodes|jobs|health|status|sys|secret|services)|v3\/clusters|eureka|nacos)/,
      /(?:\/v1\.\d{1,2})?\/(?:containers|images|networks|volumes)\/json|\/v1\.\d{1,2}\/(?:info|version|_ping)|\/_ping|\/(?:swarm|networks|tasks|services|secrets|plugins)(?:$|\?)/,
    ),
    techniques: ['T1613', 'T1552.007'],
  },
  {
    name: 'git-repository',
    in: TARGET,
    pattern:
      /\/\.(?:git|svn|hg|bzr)(?:\/|$|\?|ignore|-credentials|config|hub|lab|ea|attributes|modules|\.)|\/\.hgignore|\/_svn\/|\/\.bitbucket|\/bitbucket-pipelines|\/git\/config|\/CVS\/(?:Entries|Root)/i,
    techniques: ['T1213.003'],
  },
  {
    name: 'secrets-hunting',
    in: TARGET,
    pattern: anyOf(
      /\/\.(?:env|yarnrc|ftpconfig|remote-sync|user\.ini|mysql_history|python_history|viminfo|bashrc|profile|drone|aws|ssh|docker|npmrc|htpasswd|htaccess|netrc|DS_Store|bash_history|zsh_history|vscode|idea|terraform|pypirc|pgpass|my\.cnf|s3cfg|boto|vault-token|travis|circleci|config\/)/,
      /\/(?:env|config|configuration|settings|secrets?|credentials|values|docker-compose|application|bootstrap|appsettings|composer|package|parameters|phinx|production|firebase|serverless|service-account|sftp-config|auth|vault|database|keys|secret|token|api_keys|aws|gcloud|client_secret|google-credentials|connectionstrings|hibernate\.cfg|applicationcontext|persistence|log4j|sonar-project|crossdomain|clientaccesspolicy|deployment|chart|k8s|azure-pipelines|cloudbuild|buildspec|appveyor|npm-debug|package-lock|app|config\.inc|settings|master|debug|trace|log|export|customers|accounts)\.(?:json|ya?ml|php|properties|xml|ini|bak|txt|py|key|csv|xlsx|lock|log|conf|config|dist|old)/,
      /\/(?:Dockerfile|Jenkinsfile|Makefile|Gemfile|Pipfile|Procfile|Vagrantfile|requirements\.txt|go\.mod|(?:yarn|composer)\.lock|nginx\.conf|httpd\.conf|php\.ini|nohup\.out|core$|passwd$|shadow|authorized_keys|prod\.env|access_log|docker-compose\.|web\.config|ansible\.cfg|inventory\.ini|local_settings\.py|wp-config\.|wallet\.dat|backups?(?:\/|$|\.)|passwords?\.|users\.(?:csv|sql|txt))/,
      /\.(?:tfstate|sqlite3?|zip|rar|7z|tar|tar\.gz|tgz|bz2|kdbx|rdb|sql|sql\.gz|dump|bak|old|orig|save|swp|pem|key|pfx|p12|jks|ppk|map|env|mdb|db|ovpn|kdb|cer|crt|jar|war|dmp|core)(?:$|\?)|\/(?:wg0|wireguard)\.conf|\/copy(?:%20| )of/,
      /~(?:$|\?)|\/(?:env|config)\.js(?:$|\?)|heapdump|id_(?:rsa|dsa|ecdsa|ed25519)|\/credentials|\/debug\/(?:vars|env|config|pprof)|\/(?:error|debug|access|laravel|storage\/logs\/[a-z]{1,32})\.log/,
    ),
    techniques: ['T1552.001'],
  },
  {
    name: 'vulnerable-path',
    in: TARGET,
    begins: true,
    pattern: beginsWith(...KNOWN_PATHS.map((path) => new RegExp(`/${path}`))),
    techniques: ['T1046', 'T1595.002'],
  },
  {
    name: 'vulnerable-path',
    in: SENT,
    pattern: anyOf(
      /__schema\b|IntrospectionQuery/,
      /\?wsdl$|autodiscover\.json|eval-stdin\.php|\/wp-(?:login|admin|json|content)/,
    ),
    techniques: ['T1046', 'T1595.002'],
  },
];
